#include "tools/bureau/dead_letter.h"

#include <string.h>

#include "base/check.h"
#include "registration/refusal.h"

static const char *const REMEDIES[][2] = {
    { "body_not_json", "The entry cannot be read: take the kiosk out of service and ask its maker "
                       "for help with the journal." },
    { "unknown_kind",
      "This bureau program does not know such entries: update it, then book the entry by hand." },
    { "bad_posting", "It moves money in a way that cannot be: count the kiosk's cash box, and have "
                     "the maker look at the journal." },
    { "postings_not_allowed", "An entry of this kind must not move that money: count the kiosk's "
                              "cash box, and have the maker look at the journal." },
    { "number_not_leased", "The kiosk gave out an account number that is not its own: find the "
                           "person's money below, and register the person at the window." },
    { "number_taken", "The kiosk gave out an account number that another registration has: register"
                      " the person at the window under a new one." },
    { "person_known", "This person has an account already: at the window, tell the person its "
                      "number, and book there what was paid under the new one." },
    { "person_unreadable", "Who registered cannot be read with this bureau's key: check bureau.pub "
                           "of the kiosk, and ask the person to the window by the slip." },
    { "bad_quote", "The amount due or its account is missing, or its lines do not add up: find the "
                   "visit's payment below, and "
                   "book it by hand for the holder of the slip." },
    { "account_unknown", "The account was never registered here: see why its registration was set "
                         "aside, and book the visit's payment by hand once it is settled." },
    { "account_of_another", "The account belongs to another person than the one at the kiosk: book "
                            "the visit's payment by hand for the holder of the slip, not for the "
                            "account." },
    { "already_quoted", "The visit had its amount due already: the first one counts, and the slip "
                        "tells which the person was shown." },
    { "note_not_booked", "The note and its booking differ: count the kiosk's cash box, and settle "
                         "the difference with the holder of the slip." },
    { "visit_closed", "It belongs to a visit that was closed: count the kiosk's cash box, and if "
                      "there is more than the books say, book it for the holder of the slip." },
    { "visit_unknown", "The visit has no amount due that was booked, so the money waits under "
                       "\"citizen\": book it by hand for the holder of the slip." },
    { "already_paid", "The payment of this visit is booked already: pay nothing out; compare the "
                      "two slips and keep the first." },
    { "bad_sum", "What was paid is not what the notes of the visit add up to: count the kiosk's "
                 "cash box, and book the visit by hand." },
    { "voucher_invalid", "The slip number is not one of this kiosk: check region and id in its "
                         "settings, and book the payment by hand." },
    { "month_paid",
      "The month of the insurance named here was paid at another kiosk before: at the "
      "window, book the other months of this slip by hand, and pay the double one "
      "back or put it to the account's surplus, as the holder of the slip wishes." },
    { "bad_root", "The kiosk signed another journal than it sent: take it out of service, keep its "
                  "disk, and have the maker compare both journals." },
    { "root_not_signed",
      "The signature of the day is false, so somebody without its key writes the "
      "kiosk's journal: take it out of service and keep its disk." },
    { "root_key_changed",
      "The day is signed with another key than before: ask who changed the "
      "kiosk's root.key, and until that is known count its cash box daily; if it "
      "was the bureau: guichet-bureau accept-root-key." },
    { "voucher_taken", "The slip number is that of another payment: book this one by hand under a "
                       "number of the window." },
};

/* Of a word that is a refusal's: what the bureau's own records say stands against it. */
static const char REFUSED[] =
    "The bureau's records refuse this registration: the kiosk tells the person why and what to "
    "bring at the next visit. Put the record right if it is wrong (guichet-bureau person), and "
    "book or pay back by hand what the visit paid.";

static bool is_refusal(const char *reason)
{
    enum refusal refusal = refusal_of_word(reason);
    return refusal != REFUSAL_NONE && refusal != REFUSAL_OTHER;
}

const char *dead_letter_remedy(const char *reason)
{
    for (size_t i = 0; i < ARRAY_SIZE(REMEDIES); i++)
        if (strcmp(REMEDIES[i][0], reason) == 0)
            return REMEDIES[i][1];
    if (is_refusal(reason))
        return REFUSED;
    return "This program does not know the reason: look it up in the program that wrote it.";
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text ? text : "";
}

static void print_one(FILE *out, const json_t *letter)
{
    const char *reason = text_of(letter, "reason"), *detail = text_of(letter, "detail");
    fprintf(out, "dead letter: kiosk %s entry %lld, %s of visit %s: %s%s%s\n",
            text_of(letter, "kiosk"), (long long)json_integer_value(json_object_get(letter, "seq")),
            text_of(letter, "kind"), text_of(letter, "txn"), reason, detail[0] != '\0' ? " " : "",
            detail);
    fprintf(out, "    %s\n", dead_letter_remedy(reason));
}

void dead_letter_print_all(FILE *out, const json_t *ledger, const char *kiosk)
{
    size_t index;
    json_t *letter;
    json_array_foreach(json_object_get(ledger, "dead_letters"), index, letter)
    {
        if (!kiosk || strcmp(kiosk, text_of(letter, "kiosk")) == 0)
            print_one(out, letter);
    }
}
