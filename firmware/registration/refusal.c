#include "registration/refusal.h"

#include <assert.h>
#include <string.h>

#include "base/check.h"

#define MEDICAL "310"
#define PENSION "110"

/* clang-format off */
static const struct refusal_words WORDS[] = {
    [REFUSAL_TOO_YOUNG] = { "R01", "too_young", NULL, REFUSAL_BY_BOTH,
        { "您还不到可以个人参保的年龄。", "You are below the age for joining on your own." },
        { "年满规定年龄后，带身份证再来办理。", "Come back with your ID card once you are old enough." } },
    [REFUSAL_RETIRED] = { "R02", "retired", NULL, REFUSAL_BY_BOTH,
        { "您已达到法定退休年龄，不能再以个人身份新参保。",
          "You have reached retirement age and cannot newly join on your own." },
        { "请带身份证到窗口，咨询待遇领取或一次性缴费。",
          "Take your ID card to the window and ask about drawing your pension." } },
    [REFUSAL_EMPLOYED] = { "R03", "employed", NULL, REFUSAL_BY_BUREAU,
        { "社保记录显示：单位仍在为您参保。", "Our records show an employer still has you insured." },
        { "如已离职，请带身份证和离职证明到窗口核实；单位应在 15 日内办理减员。",
          "If you have left, take your ID card and leaving certificate to the window. The employer has "
          "15 days to report it." } },
    [REFUSAL_PENSIONER] = { "R04", "pensioner", NULL, REFUSAL_BY_BUREAU,
        { "社保记录显示：您已在领取养老金，不需要再缴费。",
          "Our records show that you draw a pension: there is nothing to pay." },
        { "如有出入，请带身份证到窗口核实。", "If that is wrong, take your ID card to the window." } },
    [REFUSAL_UNEMPLOYMENT] = { "R05", "unemployment", MEDICAL, REFUSAL_BY_BUREAU,
        { "您在领取失业保险金，期间的职工医保由失业保险基金缴纳，不用您交。",
          "You draw unemployment benefit: its fund pays your medical insurance, you pay nothing." },
        { "可以只选养老保险；停领后再来办理医保。",
          "You may choose pension insurance alone, and come for medical when the benefit ends." } },
    [REFUSAL_ELSEWHERE] = { "R06", "elsewhere", NULL, REFUSAL_BY_BUREAU,
        { "社保记录显示：您正在外地参保缴费。", "Our records show you are insured in another place." },
        { "请先在原参保地停保或办理转移，再带身份证来办理。",
          "Stop or transfer it there first, then come back with your ID card." } },
    [REFUSAL_RESIDENT_MEDICAL] = { "R07", "resident_medical", MEDICAL, REFUSAL_BY_BUREAU,
        { "您这个期间已参加城乡居民医保，两种医保不能同时参加。",
          "You have resident medical insurance for this period; one cannot have both." },
        { "可以只选养老保险；要转为职工医保，请带身份证到窗口办理。",
          "You may choose pension insurance alone. To change, take your ID card to the window." } },
    [REFUSAL_IDENTITY] = { "R08", "identity", NULL, REFUSAL_BY_BOTH,
        { "身份证核验没有通过。", "The ID card did not pass the check." },
        { "请带有效的身份证到窗口；过期的先到公安机关换领。",
          "Take a valid ID card to the window; renew an expired one with the police first." } },
    [REFUSAL_NOT_IN_PERSON] = { "R09", "not_in_person", NULL, REFUSAL_BY_BUREAU,
        { "本人身份核验没有通过。", "It could not be confirmed that you are the card's holder." },
        { "请本人带身份证到窗口办理。", "Come to the window in person with your ID card." } },
    [REFUSAL_RECORD_CLOSED] = { "R10", "record_closed", NULL, REFUSAL_BY_BUREAU,
        { "社保记录显示：您的参保关系已经终止。", "Our records show that your insurance was closed." },
        { "请带身份证到窗口核实、更正记录。",
          "Take your ID card to the window so that the record can be checked and put right." } },
    [REFUSAL_OPEN_BILL] = { "R11", "open_bill", NULL, REFUSAL_BY_BUREAU,
        { "您有一张缴费单还没有缴清。", "You have a bill that is not paid yet." },
        { "缴清或到窗口撤销后再来办理。", "Pay it, or have it withdrawn at the window, then come back." } },
    [REFUSAL_RESIDENCE] = { "R12", "residence", NULL, REFUSAL_BY_BUREAU,
        { "您不符合本地参保的户籍或居住条件。",
          "You do not meet the residence condition of this place." },
        { "请带身份证和居住证或户口簿到窗口核实。",
          "Take your ID card and residence permit or household book to the window." } },
    [REFUSAL_WINDOW] = { "R13", "window", NULL, REFUSAL_BY_BOTH,
        { "现在不在参保登记的办理期内。", "Registration is not open at this time of the year." },
        { "请在办理期内再来；有特殊情况请到窗口咨询。",
          "Come back when it is open; ask at the window if your case is special." } },
    [REFUSAL_BASE] = { "R14", "base", NULL, REFUSAL_BY_BOTH,
        { "所选的缴费基数或档次不在规定范围内。", "The base or grade chosen is not one of those allowed." },
        { "请返回重新选择。", "Go back and choose again." } },
    [REFUSAL_POLICY] = { "R15", "policy", NULL, REFUSAL_BY_BOTH,
        { "目前没有公布有效的缴费标准，暂时不能登记。",
          "No payment figures are in force at present, so nobody can be registered." },
        { "请到窗口咨询，或等标准公布后再来。", "Ask at the window, or come back when they are published." } },
    [REFUSAL_BACK_PAYMENT] = { "R16", "back_payment", NULL, REFUSAL_BY_BOTH,
        { "所选的起缴月份已经不能补缴。", "The month chosen as the first can no longer be paid." },
        { "请返回选择以后的月份。", "Go back and choose a later month." } },
    [REFUSAL_DOCUMENT] = { "R17", "document", NULL, REFUSAL_BY_KIOSK,
        { "这种证件本机不能办理。", "This machine cannot register people with this kind of document." },
        { "请带证件原件到窗口办理。", "Take the original document to the window." } },
    [REFUSAL_YEARS] = { "R18", "years", PENSION, REFUSAL_BY_BUREAU,
        { "您的缴费年限已满，养老保险不用再缴。",
          "You have paid enough years: no more pension payments are due." },
        { "请带身份证到窗口确认。", "Take your ID card to the window to have it confirmed." } },
    [REFUSAL_KNOWN] = { "R19", "person_known", NULL, REFUSAL_BY_BUREAU,
        { "您已经登记过，有另一个个人缴费编号，这次的登记不算数。",
          "You were registered already under another account number; this registration does not count." },
        { "请带身份证和凭条到窗口，问清原来的编号。",
          "Take your ID card and slips to the window and ask for your first number." } },
    [REFUSAL_OTHER] = { "R00", "other", NULL, REFUSAL_BY_BUREAU,
        { "社保局没有受理这次登记。", "The bureau did not accept this registration." },
        { "请带身份证和登记凭条到窗口，问明原因。",
          "Take your ID card and the slip to the window and ask why." } },
};
/* clang-format on */
static_assert(ARRAY_SIZE(WORDS) == REFUSALS, "words for each refusal");

const char *const REFUSAL_REVIEW[2] = {
    "不服本次处理的，可以依法申请行政复议或者提起行政诉讼（社会保险法第八十三条）。",
    "If you disagree, you may apply for administrative review or go to court (Social Insurance "
    "Law, "
    "art. 83).",
};

const struct refusal_words *refusal_words(enum refusal refusal)
{
    CHECK(refusal > REFUSAL_NONE && refusal < REFUSALS);
    return &WORDS[refusal];
}

enum refusal refusal_of_word(const char *word)
{
    if (word[0] == '\0')
        return REFUSAL_NONE;
    for (int i = REFUSAL_NONE + 1; i < REFUSALS; i++)
        if (strcmp(WORDS[i].word, word) == 0)
            return (enum refusal)i;
    return REFUSAL_OTHER;
}

bool refusal_concerns(enum refusal refusal, const struct policy *policy, uint32_t insurances)
{
    const char *code = refusal_words(refusal)->insurance;
    bool concerns = code == NULL;
    for (int i = 0; code && i < policy->insurance_count; i++)
        concerns |= (insurances >> i & 1) && strcmp(policy->insurances[i].code, code) == 0;
    return concerns;
}

/* A window may lie over the end of a year: 11-15 to 02-28. */
static bool lies_within(int first, int last, int day)
{
    if (first == 0)
        return true;
    return first <= last ? day >= first && day <= last : day >= first || day <= last;
}

bool refusal_window_is_open(const struct policy *policy, uint32_t insurances, int32_t today)
{
    for (int i = 0; i < policy->insurance_count; i++) {
        const struct policy_insurance *insurance = &policy->insurances[i];
        if ((insurances >> i & 1) &&
            !lies_within(insurance->window_first, insurance->window_last, today % 10000))
            return false;
    }
    return true;
}
