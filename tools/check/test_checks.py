#!/usr/bin/env python3
"""The checks are checked: each rule is broken once in a small tree and must be named."""

import pathlib
import tempfile
import unittest

import layers
import names
import source


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.real_root, source.ROOT = source.ROOT, pathlib.Path(self.folder.name)
        for header in ("firmware/base/log.h", "firmware/store/journal.h", "firmware/session/session_view.h",
                       "firmware/session/session.h", "firmware/session/session_internal.h",
                       "drivers/id_reader/id_reader.h", "drivers/id_reader/sam/sam.h", "drivers/usb/usb.h"):
            self.write(header, "#pragma once\n")

    def tearDown(self):
        source.ROOT = self.real_root
        self.folder.cleanup()

    def write(self, path, text):
        target = source.ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def refused(self, path, text):
        self.write(path, text)
        return [line for line in layers.errors() if line.startswith(path + ":")]


class Layers(Tree):
    def test_lets_a_module_include_itself_and_what_lies_below(self):
        self.assertEqual([], self.refused("firmware/session/session.c", '#include "session/session.h"\n'
                                          '#include "base/log.h"\n#include "store/journal.h"\n'))

    def test_refuses_an_include_upwards_with_its_line(self):
        self.assertEqual(1, len(self.refused("firmware/base/log.c",
                                             '#include "base/log.h"\n\n#include "store/journal.h"\n')))
        self.assertTrue(list(layers.errors())[0].startswith(
            "firmware/base/log.c:3: base may not include store/journal.h"))

    def test_lets_a_scene_see_the_view_but_not_the_session(self):
        self.assertEqual([], self.refused("firmware/scenes/scene_home.c", '#include "session/session_view.h"\n'))
        self.assertEqual(1, len(self.refused("firmware/scenes/scene_cash.c", '#include "session/session.h"\n')))

    def test_names_a_driver_in_wiring_only(self):
        line = '#include "drivers/id_reader/sam/sam.h"\n'
        self.assertEqual([], self.refused("firmware/app/wiring.c", line))
        self.assertEqual(1, len(self.refused("firmware/app/app.c", line)))

    def test_keeps_the_firmware_from_libusb_and_sqlite(self):
        self.assertEqual([], self.refused("firmware/store/journal.c", "#include <sqlite3.h>\n"))
        self.assertEqual(1, len(self.refused("firmware/sync/sync.c", "#include <sqlite3.h>\n")))
        self.assertEqual(1, len(self.refused("drivers/id_reader/sam/sam.c", "#include <libusb-1.0/libusb.h>\n")))

    def test_keeps_internal_headers_in_their_folder(self):
        line = '#include "session/session_internal.h"\n'
        self.assertEqual(1, len(self.refused("firmware/app/app.c", line)))
        self.assertEqual([], self.refused("firmware/session/session_flow.c", line))
        self.assertEqual([], self.refused("tests/unit/session/test_session.c", line))

    def test_keeps_the_simulator_apart_from_the_drivers(self):
        self.assertEqual(1, len(self.refused("tools/simulator/panel.c", '#include "drivers/usb/usb.h"\n')))

    def test_finds_simulator_words_in_code_but_not_in_comments(self):
        self.assertEqual(1, len(self.refused("drivers/usb/usb.c", "int sim_mode;\n")))
        self.assertEqual([], self.refused("drivers/usb/usb.c", "/* sim_mode */ const char *a = \"sim_x\";\n"))
        self.assertEqual(1, len(self.refused("firmware/session/session.c", "int automation_on;\n")))
        self.assertEqual([], self.refused("firmware/app/automation.c", "int automation_on;\n"))

    def test_wants_every_folder_in_the_law(self):
        self.assertEqual(1, len(self.refused("firmware/newthing/newthing.c", '#include "base/log.h"\n')))


class Names(Tree):
    def judge(self, path, text):
        self.write(path, text)
        functions = source.functions(path)
        return [reason for _, reason in [*names.judge_functions(path, functions), *names.judge_lines(path),
                                         *names.judge_includes(path)]]

    def test_wants_the_modules_prefix_on_what_others_can_call(self):
        text = '#include "base/log.h"\nvoid write_log(int a)\n{\n}\n\nstatic int helper(void)\n{\n    return 1;\n}\n'
        self.assertEqual(1, len(self.judge("firmware/base/log.c", text)))
        self.assertEqual([], self.judge("firmware/base/log.c", text.replace("write_log", "log_write")))

    def test_finds_banned_calls_with_their_replacement(self):
        found = self.judge("firmware/session/session.c",
                           '#include "session/session.h"\nstatic void f(char *a)\n{\n    strcpy(a, "b");\n}\n')
        self.assertEqual(["strcpy() is banned: use text_copy"], found)

    def test_finds_floating_point_near_money(self):
        self.assertEqual(1, len(self.judge("firmware/plan/quote.c", "static double rate;\n")))
        self.assertEqual([], self.judge("firmware/ui/paint.c", "static double angle; /* double */\n"))

    def test_wants_the_own_header_first(self):
        self.assertEqual(1, len(self.judge("firmware/base/log.c", '#include <stdio.h>\n#include "base/log.h"\n')))

    def test_measures_functions(self):
        body = "    a++;\n" * 80
        self.write("firmware/base/log.c", f"static void long_one(int a)\n{{\n{body}}}\n")
        self.assertEqual([("long_one", True, 1, 80)], source.functions("firmware/base/log.c"))


if __name__ == "__main__":
    unittest.main()
