#!/usr/bin/env python3
"""check_words.py and compile_strings.py can fail: each fault is found, and sound texts are not."""
import unittest

import check_words
import compile_strings

TERM = check_words.Term("凭证", "receipt", ["收据"], ["voucher"])


def chinese(text, key="cash.title"):
    return [*check_words.judge_both(text), *check_words.judge_chinese(key, text),
            *check_words.judge_terms(text, [TERM], True)]


def english(text, key="cash.title"):
    return [*check_words.judge_both(text), *check_words.judge_english(key, text),
            *check_words.judge_terms(text, [TERM], False)]


class Chinese(unittest.TestCase):
    def test_sound_texts_pass(self):
        for text in ("请到{window}办理，或拨打服务电话 {phone}。", "收到 {value} 元，已经入账。",
                     "{amount} 元/月", "标准：{source}（{date}）", "第 {step} 步，共 {steps} 步", "English"):
            self.assertEqual(chinese(text), [], text)
        self.assertEqual(chinese("最早{next} 恢复。", "outage.opens"), [])

    def test_faults_are_found(self):
        for text in ("请到窗口办理,或拨打电话。", "缴费(现金)", "请稍等.", "现在要缴费吗?", "收到{value} 元",
                     "收到 {value}元", "请到 {window}办理", "请 稍等", "请稍等。 谢谢", "请看  这里",
                     "请取走收据"):
            self.assertEqual(len(chinese(text)) > 0, True, text)


class English(unittest.TestCase):
    def test_sound_texts_pass(self):
        for text in ("Please go to {window}, or call {phone}.", "Lay your ID card flat. Then wait",
                     "¥{amount}/month", "Cash is not taken. {reason} Everything else works."):
            self.assertEqual(english(text), [], text)
        self.assertEqual(english("to {month}", "months.to"), [])

    def test_faults_are_found(self):
        for text in ("lay it down", "Done. take it", "Ways To Pay", "Take your voucher", "Paid。",
                     "Take  it", "请稍等"):
            self.assertEqual(len(english(text)) > 0, True, text)


class Pseudo(unittest.TestCase):
    def test_long_is_longer_and_keeps_values(self):
        for text in ("Put in your banknotes one by one", "¥{amount} of it goes into your account."):
            longer = compile_strings.pseudo_long(text)
            bare = len(compile_strings.PLACEHOLDER.sub("", text))
            self.assertGreaterEqual(len(compile_strings.PLACEHOLDER.sub("", longer)), 1.55 * bare)
            self.assertEqual(compile_strings.placeholders(longer), compile_strings.placeholders(text))

    def test_rtl_turns_words_and_leaves_values(self):
        self.assertEqual(compile_strings.pseudo_rtl("Call {phone}"), "\u202eCall\u202c {phone}")

    def test_texts_without_words_stay(self):
        for text in ("中文", "{phone}"):
            self.assertEqual(compile_strings.pseudo_long(text), text)
            self.assertEqual(compile_strings.pseudo_rtl(text), text)

    def test_direction_is_read_from_the_header(self):
        self.assertTrue(compile_strings.is_right_to_left("ar.po", "Language: ar\nX-Direction: rtl\n"))
        self.assertFalse(compile_strings.is_right_to_left("en.po", "Language: en\n"))
        with self.assertRaises(SystemExit):
            compile_strings.is_right_to_left("x.po", "X-Direction: up\n")


if __name__ == "__main__":
    unittest.main()
