#include "payment/cash_remedy.h"

#include <string.h>

#include "base/check.h"
#include "payment/cash_note.h"
#include "store/journal.h"

/* The words of note_unknown come from cash_judge.c. */
static const struct cash_remedy REMEDIES[] = {
    { "no_transaction",
      "钱箱里有一张钞票，不属于任何一次缴费（空闲时、放弃等待后或开机时入箱）。两人清点钱箱，"
      "多出的这一张单独封存登记；有人持凭条或交易号来问，核对时间和面额后退还。",
      "A note lies in the box that belongs to no payment (taken while idle, after giving up, or at "
      "power-up): two people count the box, seal this note apart and register it; pay it back to "
      "whoever comes with a slip or a transaction number of that time and value." },
    { "not_escrowed",
      "缴费过程中有一张钞票未经本机同意就进了钱箱，没有计入缴费。两人清点钱箱，"
      "按凭条编号退还或补记；再次发生就停用纸币口并报修。",
      "During the payment a note went into the box without the kiosk's consent and was not "
      "credited: two people count the box, and pay back or book it against the slip; if it happens "
      "again, take the acceptor out of service and call its maker." },
    { "does_not_match",
      "纸币口报告的面额或设备与本机记录的不是同一张钞票，没有计入缴费。两人清点钱箱，"
      "与本次缴费的记录对照，按凭条编号退还或补记差额。",
      "The acceptor told of another value, or is another device, than the note that was recorded; "
      "nothing was credited: two people count the box, compare it with the visit's entries, and "
      "pay back or book the difference against the slip." },
    { "proved_too_late",
      "放弃等待之后才查明，这张钞票确实在钱箱里；当时已给了待查凭条。按凭条编号退还或补记，"
      "前面那条待查记录一并了结。",
      "After the kiosk had given up, the note was proved to be in the box; a claim slip was given "
      "then: pay back or book it against that slip, which closes the earlier item too." },
    { "value_not_known",
      "有一张钞票进了钱箱，面额不明。两人清点钱箱，比账上多出的那一张就是它；按凭条编号处理，"
      "没有凭条的单独封存登记。",
      "A note of unknown value went into the box: two people count the box, and the one note more "
      "than the books have is it; settle it against the slip, or seal it apart if there is none." },
    { "device_lost",
      "收钞途中纸币口断开，等了一分钟也没有回话；钞票可能在钱箱里、在机内，也可能已退回。"
      "两人开机检查通道并清点钱箱，找到后按凭条编号退还或补记；没找到，就照清点结果答复持凭条的人"
      "。",
      "The acceptor was gone while it took the note, and said nothing for a minute; the note may "
      "be "
      "in the box, in the path, or given back: two people open the path and count the box, and "
      "settle what they find against the slip; if it is not there, the count is the answer." },
    { "cannot_tell",
      "重新连上后，纸币口既没有报告这张钞票，计数也说明不了；钞票可能在钱箱里，也可能已退回。"
      "两人清点钱箱，多一张就按凭条编号退还或补记。",
      "Back again, the acceptor said nothing of the note, and its counter does not tell; it may be "
      "in the box or given back: two people count the box; if there is one more than in the books, "
      "pay it back or book it against the slip." },
    { "device_swapped",
      "收钞途中纸币口换成了另一台，这张钞票可能还在换下的那台里。找到换下的那台，"
      "两人检查通道和钱箱，按凭条编号退还或补记。",
      "While it took the note the acceptor was exchanged, and the note may be in the one that was "
      "taken off: find it, have two people look into its path and box, and settle the note against "
      "the slip." },
    { "fraud",
      "纸币口发现有人拉扯钞票，没有计入缴费。保留录像，两人检查通道、清点钱箱；"
      "箱里没有这张钞票就不退款。",
      "The acceptor noticed that a note was being fished out, and nothing was credited: keep the "
      "camera's recording, have two people look into the path and count the box; pay nothing back "
      "unless the note is there." },
    { "counter_ahead",
      "纸币口的入箱计数比账上多：多出的钞票没有任何记录，可能是本机断电或退出时有人使用了纸币口。"
      "两人清点钱箱，与账上的张数对照，多出的封存登记，等人来认领。",
      "The acceptor counted more notes into the box than the books have: nothing is known of them; "
      "it may have been used while the kiosk was off. Two people count the box against the books, "
      "seal what is too much, and register it until somebody claims it." },
    { "counter_behind",
      "纸币口的入箱计数比账上少：计数被清零，或换过电路板，或有一张记了账的钞票没有入箱。"
      "两人清点钱箱；少一张就查最近一笔缴费，并问维修人员是否清过计数。",
      "The acceptor counted fewer notes into the box than the books have: it was set back, its "
      "board "
      "was exchanged, or a note that was credited is not there. Two people count the box; if one "
      "is "
      "missing look at the last payment, and ask the maker's technician about the counter." },
    { "counter_payout",
      "纸币口报告有钞票从暂存处付出或转移，而本机从不付钞。停用纸币口，两人清点钱箱，请厂家检查。",
      "The acceptor says that it stored, paid out or moved notes, which this kiosk never does: "
      "take "
      "it out of service, have two people count the box, and call its maker." },
    { "counter_set_back",
      "纸币口的退钞计数变小了：计数被清零，或换过电路板。问清是谁在什么时候维修过，登记；"
      "没有人维修过，就两人清点钱箱。",
      "The acceptor's count of notes given back went down: it was set back, or its board was "
      "exchanged. Find out who serviced it and when, and register it; if nobody did, have two "
      "people "
      "count the box." },
    { "acceptor_swapped",
      "纸币口换成了另一台（序列号不同），正在进行的缴费已按入箱的钱结束。核对是否本局更换、"
      "有无登记；没有登记就停用现金，找到原来那台，两人清点两边的钱箱。",
      "Another acceptor answers (its serial number differs); the payment under way ended with what "
      "was in. Check that the bureau exchanged it and that it is registered; if not, take cash out "
      "of service, find the old one, and have two people count both boxes." },
    { "dataset_changed",
      "纸币口各通道对应的面额变了（更新过纸币数据）。核对更新是否经过批准，"
      "用每种面额各试一张再退出；不对就停用现金并请厂家重装数据。",
      "The acceptor's channels are worth something else than before (it got another data set). "
      "Check "
      "that this was approved, and try one note of each value; if one is wrong, take cash out of "
      "service and have the maker load the data again." },
    { "box_removed",
      "钱箱被取下，现金已停用。取箱的两人登记时间和封签号；不是本局的人取的，立即报告并保留录像。",
      "The cash box is out, and no cash is taken. The two people who took it register the time and "
      "the seal; if it was nobody of the bureau, report it at once and keep the recording." },
    { "box_missed",
      "本机断电或断开期间钱箱被装回。核对取箱登记；没有登记，就两人清点钱箱，与账上的张数对照。",
      "The box was put back while the kiosk was off or cut off. Compare it with the register of "
      "who "
      "took it; if it is not there, two people count the box against the books." },
};

static const struct cash_remedy OTHER = {
    "other",
    "本程序不认识这个原因。两人清点钱箱，与账上的张数对照，并用写下这条记录的程序版本查询。",
    "This program does not know the reason: have two people count the box against the books, and "
    "look it up with the program that wrote it."
};

static const struct cash_remedy *find(const char *word)
{
    for (size_t i = 0; i < ARRAY_SIZE(REMEDIES); i++)
        if (strcmp(REMEDIES[i].word, word) == 0)
            return &REMEDIES[i];
    return &OTHER;
}

static const char *text_of(const json_t *body, const char *member)
{
    const char *text = json_string_value(json_object_get(body, member));
    return text != NULL ? text : "";
}

static const char *word_of_counter(const json_t *body)
{
    const char *counter = text_of(body, "counter");
    if (strcmp(counter, "rejected") == 0)
        return "counter_set_back";
    if (counter[0] != '\0' && strcmp(counter, "stacked") != 0)
        return "counter_payout";
    int64_t expected = json_integer_value(json_object_get(body, "expected"));
    int64_t found = json_integer_value(json_object_get(body, "found"));
    /* From outside, too: the entry may be of any program. */
    return (int32_t)((uint32_t)found - (uint32_t)expected) > 0 ? "counter_ahead" : "counter_behind";
}

static const struct cash_remedy *of_box(const json_t *body)
{
    if (strcmp(text_of(body, "event"), "removed") == 0)
        return find("box_removed");
    return json_is_true(json_object_get(body, "missed")) ? find("box_missed") : NULL;
}

static bool is_kind(const char *kind, enum journal_kind wanted)
{
    return strcmp(kind, journal_kind_name(wanted)) == 0;
}

const struct cash_remedy *cash_remedy_of(const char *kind, const json_t *body)
{
    if (is_kind(kind, JOURNAL_NOTE_UNKNOWN))
        return find(text_of(body, "why"));
    if (is_kind(kind, JOURNAL_COUNTER_MISMATCH))
        return find(word_of_counter(body));
    if (is_kind(kind, JOURNAL_DEVICE_SWAPPED))
        return find("acceptor_swapped");
    if (is_kind(kind, JOURNAL_DATASET_CHANGED))
        return find("dataset_changed");
    return is_kind(kind, JOURNAL_BOX_EVENT) ? of_box(body) : NULL;
}
