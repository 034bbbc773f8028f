/*
 * What the screen may know: one plain struct per moment, made by the session, read by the scenes.
 *
 * Scenes are pure functions of it; they answer with intents. Names and numbers in here are already
 * masked. Texts the policy owns (insurance names, sources) come in both languages; all other words
 * are the scenes' own, by string id.
 */
#pragma once
#include "base/month.h"
#include "health/service.h"
#include "session/inquiry_view.h"
#include "session/learn_view.h"
#include "ui/strokes.h"
#include <stdbool.h>
#include <stdint.h>

enum language {
    LANGUAGE_ZH,
    LANGUAGE_EN,
    LANGUAGES
};

/* One screen each; scenes/scene_list.h maps them. */
enum session_step {
    STEP_HOME,
    STEP_OUT_OF_SERVICE,
    STEP_RIGHTS,       /* ways to pay, how to pay at the window, service phone */
    STEP_IDENTIFY,     /* put the card on the reader; also "reading" */
    STEP_CARD_PROBLEM, /* why this card will not do, and what to do */
    STEP_REFUSED,      /* why somebody is not registered, what to bring, a slip with it */
    STEP_OWED,         /* what you owe and why: choose insurances and base */
    STEP_BASE,         /* keypad for a base of one's own */
    STEP_CHOICES,      /* the whole list of tiers or bases */
    STEP_CHECKING,     /* registration: the bureau is asked who this is to it */
    STEP_STARTS,       /* registration: from which month on each insurance begins */
    STEP_MATERIALS,    /* registration: what the policy asks for besides the card */
    STEP_CERTIFICATE,  /* registration: number or date of the leaving certificate */
    STEP_PHONE,        /* registration: mobile number */
    STEP_CONSENT,      /* registration: separate consent */
    STEP_SIGNATURE,    /* registration: signed with the finger, or at the window */
    STEP_REGISTERED,   /* the account number; pay now or later */
    STEP_MONTHS,
    STEP_METHOD, /* the sum, the surplus rule, cash or why not */
    STEP_CASH,
    STEP_RECEIPT, /* being printed */
    STEP_DONE,    /* paid; take the receipt and the card */
    STEP_GOODBYE,
    STEP_ASKING,     /* inquiry: the bureau is being asked */
    STEP_INQUIRY,    /* totals, gaps, what is due next */
    STEP_LIST,       /* month by month */
    STEP_WHERE,      /* each payment with its four lamps */
    STEP_NUMBER,     /* the number of a slip, without a card */
    STEP_FOUND,      /* that payment's lamps */
    STEP_PRINTING,   /* a record, a copy or a plan */
    STEP_LEARN,      /* understand: what there is to read and to work out */
    STEP_STANDARDS,  /* the figures of this month */
    STEP_TIMES,      /* how and by when to pay */
    STEP_INDIVIDUAL, /* how an individual's payment differs from an employee's */
    STEP_LAW,        /* the articles, and what each means for the reader */
    STEP_CALCULATOR,
    STEP_GRADES,  /* a list of bases or sums, longer than a page */
    STEP_LEAVING, /* after leaving a job: which month was the last insured one */
    STEP_PLAN,    /* what follows from it */
    STEPS,
};

enum view_card_problem {
    CARD_PROBLEM_MOVED,
    CARD_PROBLEM_WRONG_CARD,
    CARD_PROBLEM_BAD_CARD,
    CARD_PROBLEM_GARBLED,
    CARD_PROBLEM_EXPIRED,
    CARD_PROBLEM_NOT_YET_VALID,
    CARD_PROBLEM_NUMBER, /* check digit or birth date wrong */
    CARD_PROBLEM_KIND,   /* a kind handled at the window */
    CARD_PROBLEM_AGE,
    CARD_PROBLEM_READER_LOST,
    CARD_PROBLEMS,
};

enum view_cash_notice {
    CASH_NOTICE_NONE,
    CASH_NOTICE_READING,
    CASH_NOTICE_TAKEN,          /* the last note was booked */
    CASH_NOTICE_RETURNED,       /* not recognised: please try another */
    CASH_NOTICE_NOT_ACCEPTED,   /* this denomination is not taken */
    CASH_NOTICE_SECOND_NOTE,    /* one at a time */
    CASH_NOTICE_WOULD_NOT_BOOK, /* journal failed: given back */
    CASH_NOTICE_DEVICE_LOST,    /* acceptor unplugged or in fault */
    CASH_NOTICE_NOTE_UNKNOWN,   /* a note may be inside and cannot be proved: slip for the window */
    CASH_NOTICE_NOT_RECORDED,   /* a note is inside and the journal refuses: it is tried again */
    CASH_NOTICE_TOO_LARGE,      /* above what is owed, and nothing may be over: given back */
    CASH_NOTICE_PAST_LIMIT,     /* the rest could not be paid within the limits: given back */
    CASH_NOTICE_LIMIT,          /* nothing more is taken; what is in is booked */
    CASH_NOTICES,
};

/* What a clerk is told by the screen: "C05", "N07". Never given to another meaning later; with
 * service_code() they are listed in README.md. */
const char *card_problem_code(enum view_card_problem problem);
const char *cash_notice_code(enum view_cash_notice notice);
/* Why the bureau set a payment aside: "B05". reason is a word of its answer. */
const char *session_set_aside_code(const char *reason);

/* How this person wants the screens. Chosen on any page, forgotten with the visit. */
#define VIEW_VOLUME_MAX 5
#define VIEW_VOLUME_NORMAL 3
struct view_modes {
    bool large;     /* elder mode: larger type, fewer things a screen */
    bool contrast;  /* light on black */
    bool low_reach; /* every control within reach of somebody seated */
    bool spoken;    /* each page is read aloud */
    int volume;     /* 1..VIEW_VOLUME_MAX */
};

/* What lies over the page, whatever the page is; nothing below it can be touched. */
enum view_overlay {
    OVERLAY_NONE,
    OVERLAY_MODES,   /* language, size, contrast, reach, voice */
    OVERLAY_PRIVACY, /* what was read from the card, why, and how long it is kept */
    OVERLAY_FIGURE,  /* where a figure comes from; see view.learn.explained */
    OVERLAY_RIGHTS,  /* ways to pay, the window, telephones: what STEP_RIGHTS says, over any page */
    OVERLAYS,
};

/* National telephone lines that answer questions about policy. */
enum view_hotline {
    HOTLINE_SOCIAL,
    HOTLINE_TAX,
    HOTLINE_MEDICAL,
    HOTLINES,
};

/* What this kiosk can do for a person, each with its own truth at this moment. */
enum view_offer {
    OFFER_VISIT,        /* see what is owed and why */
    OFFER_REGISTRATION, /* for who is not known here yet */
    OFFER_CASH,
    OFFER_INQUIRIES, /* what only the bureau knows */
    OFFERS,
};

/* When what is not offered may come back, as far as that is known. */
enum view_until {
    UNTIL_NOW,      /* it is offered */
    UNTIL_SOON,     /* by itself, in a minute or so */
    UNTIL_NETWORK,  /* by itself, once the bureau can be reached */
    UNTIL_TOMORROW, /* by itself, with the next day */
    UNTIL_STAFF,    /* somebody must see to it; outside the hours see opens_next */
};

struct view_service {
    enum view_offer what;
    enum service service;
    enum service warning; /* offered all the same: staff should see to it; SERVICE_OFFERED none */
    enum view_until until;
};

/* What the chip of an ID card tells, what of it the kiosk uses, and how long it keeps it. */
enum view_card_item {
    CARD_ITEM_NAME,
    CARD_ITEM_SEX,
    CARD_ITEM_NATION,
    CARD_ITEM_BIRTH,
    CARD_ITEM_ADDRESS,
    CARD_ITEM_NUMBER,
    CARD_ITEM_AUTHORITY,
    CARD_ITEM_VALIDITY,
    CARD_ITEM_PHOTO,
    CARD_ITEMS,
};

enum view_keep {
    KEEP_NOT,    /* overwritten as soon as the card has been read, never looked at */
    KEEP_VISIT,  /* in memory until the visit ends */
    KEEP_SEALED, /* as before; who registers or pays: sealed for the bureau alone besides */
};

struct view_card_field {
    enum view_card_item item;
    bool is_used;
    enum view_keep keep;
};

/* A material the policy asks for; nothing else is asked. */
enum view_material_kind {
    MATERIAL_ID_CARD,
    MATERIAL_RESIDENCE_PERMIT,
    MATERIAL_HOUSEHOLD_BOOK,
    MATERIAL_LEAVING_CERTIFICATE,
    MATERIAL_SOCIAL_CARD,
    MATERIAL_BANK_CARD,
    MATERIAL_PHOTO,
    MATERIALS,
};

#define VIEW_MATERIALS_MAX 8
struct view_material {
    enum view_material_kind kind;
    bool is_there;   /* the person says so; the ID card was read */
    char source[96]; /* number of the document that asks for it */
};

/* Who refuses, and so what may be done about it here. */
enum view_refused_by {
    REFUSED_BY_CARD,   /* what the card says; another card may do */
    REFUSED_BY_RULE,   /* the policy, for what was chosen */
    REFUSED_BY_BUREAU, /* its records, asked just now */
    REFUSED_LATER,     /* a registration made here, set aside by the bureau since */
};

struct view_refusal {
    char code[4]; /* "R03", empty: nothing is refused */
    enum view_refused_by by;
    char sentence[LANGUAGES][192]; /* of registration/refusal.h */
    char bring[LANGUAGES][192];
    char review[LANGUAGES][192]; /* the right of review */
    int64_t registered_ms;       /* REFUSED_LATER: when it was */
    bool may_go_on;              /* to what the visit is for, all the same */
    bool is_printing;
    enum view_print print;
};

/* Who may register by the policy's rule of residence; who signs says that he is one of them. */
enum view_residence {
    RESIDENCE_NO_RULE,
    RESIDENCE_WORKS_HERE,
    RESIDENCE_LIVES_HERE,
    RESIDENCE_HOUSEHOLD,
};

enum view_registered {
    REGISTERED_NEW,    /* just now */
    REGISTERED_AGAIN,  /* just now, with the account number of before */
    REGISTERED_BEFORE, /* already; nothing was done */
};

#define VIEW_INSURANCES_MAX 4
#define VIEW_BASES_MAX 5
#define VIEW_MONTHS_MAX 12
#define VIEW_LIST_MAX 40
#define VIEW_NOTES_MAX 8
#define VIEW_HOURS_SIZE 320 /* the longest that the settings can give */

struct view_insurance {
    char name[LANGUAGES][64];
    bool selected;
    bool uses_base;
    bool is_pension;     /* AAE140 110: the base counts for what is drawn later */
    bool available;      /* false: no official figure; .source says since when */
    int64_t monthly_fen; /* with the chosen base, in the first month */
    int64_t account_fen; /* of which into the personal account */
    int64_t base_fen;    /* after this insurance's own limits */
    int64_t floor_fen, ceiling_fen;
    int32_t rate, account_rate; /* millionths */
    char source[96];            /* document number of the limits or the fixed sum */
    char source_date[12];
    char rate_source[96];
    char basis[LANGUAGES][192]; /* legal basis in plain words */
    int wait_months;
    month_index paid_until; /* this month or later has been paid here; 0 not */
    int grade;              /* the tier that is chosen; 0 there are none */
    int grade_count;        /* so many tiers, or bases, are in its list; 0 there is none */
    int64_t grade_fen;      /* what that tier costs, a year or a month */
    bool is_yearly;         /* monthly_fen and grade_fen are for a year */
    month_index closed_first, closed_last; /* left out, and may not be paid any more; 0 none */
    int arrears;                           /* months that are late */
    bool paid_up;                          /* and nothing more can be paid now: not selectable */
    month_index start;                     /* who registers begins with it */
    int start_back;                        /* so many months before this one, to make up for */
    bool can_start_earlier, can_start_later;
};

struct view_month {
    month_index month;
    int64_t amount_fen;    /* that month alone */
    int64_t surcharge_fen; /* which is part of it, for being late */
    int32_t due_date;      /* yyyymmdd, the earliest of what is chosen; 0 none is fixed */
    bool is_late;
    bool is_not_sold; /* so many months cannot be paid at a time; the amount counts all the same */
};

struct view_note {
    int64_t value_fen;
    int count;
};

struct session_view {
    enum session_step step;
    enum language language;
    struct view_modes modes;
    enum view_overlay overlay;
    bool large_offered;  /* the birth date says that larger type may help; not answered yet */
    bool speech_offered; /* this kiosk can speak */
    bool says_private;   /* and nobody else hears it: private listening is set up */
    int page;            /* of a screen shown in parts; scenes show the last one there is */
    int figure;          /* of OVERLAY_FIGURE: VIEW_FIGURE() */
    int overlay_page;    /* the same of the overlay; INTENT_PAGE means the topmost of the two */

    /* header and footer */
    char bureau[LANGUAGES][64];
    char place[LANGUAGES][64]; /* "大厅 03 号" */
    char city[LANGUAGES][64];
    char service_phone[24];
    char hotlines[HOTLINES][24];
    char window[LANGUAGES][32];             /* "2 号窗口" */
    char hours[LANGUAGES][VIEW_HOURS_SIZE]; /* of this kiosk's hall; empty: always open */
    bool is_open;                           /* by those hours, at this moment */
    char opens_next[LANGUAGES][24];         /* "周一 9:00"; empty while open */
    int64_t wall_ms;
    bool bureau_reachable;
    int steps_done, steps_total; /* 0 total: no step bar */
    bool registering;            /* the step bar's words: registration is part of this visit */

    /* time */
    int seconds_left, seconds_total; /* 0 total: no ring */
    bool ask_more_time;              /* the large "more time" question lies over the screen */
    int64_t money_inside_fen;        /* what happens to it is said in that question: */
    int money_inside_months;         /* so many whole months would be paid with it … */
    int64_t money_inside_over_fen;   /* … and this would be left over; see surplus */

    /* home, out of service */
    enum service visit_service; /* may a visit start at all */
    int64_t service_since_ms;   /* wall time since when it may not; 0 it may */
    int service_count;
    struct view_service services[OFFERS];
    bool interrupted; /* the last payment was cut off; its slip was printed */
    int64_t interrupted_fen;

    /* identify */
    bool card_seen;
    enum view_card_problem card_problem;
    bool card_is_refused; /* for a reason with a code and a slip: see refusal */
    struct view_refusal refusal;
    bool card_left; /* the card still lies on the reader: remind on done and goodbye */
    bool card_read; /* this visitor's card has been read */
    struct view_card_field card_fields[CARD_ITEMS];

    /* person, masked */
    char name_masked[64];
    char number_masked[24];
    bool registered;         /* known at this kiosk already */
    char account_number[32]; /* whole on the page that hands it out, masked on all others */

    /* owed */
    int insurance_count;
    struct view_insurance insurances[VIEW_INSURANCES_MAX];
    int base_count;
    int64_t bases_fen[VIEW_BASES_MAX];
    int64_t chosen_base_fen;
    bool base_is_own; /* typed, not one of the offered */
    int64_t base_floor_fen, base_ceiling_fen;
    bool base_refused;   /* the typed base is outside */
    char base_typed[12]; /* digits in yuan, as typed */
    int64_t monthly_total_fen;
    month_index first_month;
    char collector[LANGUAGES][64];
    char materials[LANGUAGES][192];

    /* the whole list of one insurance: in order, from 1 */
    char list_name[LANGUAGES][64];
    bool list_is_tiers, list_is_yearly;
    int list_count, list_chosen;
    int64_t list_fen[VIEW_LIST_MAX];
    int32_t list_percent[VIEW_LIST_MAX]; /* of the average wage, in hundredths; 0 it is a sum */

    /* owed, months, done: what is to be paid next, after this payment if there was one */
    int next_insurance, difference_insurance; /* whose; for where that comes from */
    month_index next_month;                   /* 0 nothing is chosen */
    int32_t next_date;                        /* yyyymmdd; 0 no day is fixed */
    bool next_is_late;

    /* what is still to pay for months paid before by older figures; part of due_fen */
    int64_t difference_fen;
    month_index difference_first, difference_last;
    bool difference_only; /* and there is no other month to pay */
    bool refund_is_due;   /* limits fell: the agency pays back, never this machine */
    bool paid_here_only;  /* the bureau did not say what was paid elsewhere */

    /* registration */
    char phone_typed[12];  /* only on the page where it is typed */
    char phone_masked[12]; /* on the pages after it: "138****0000" */
    bool phone_complete;
    int material_count;
    struct view_material needed[VIEW_MATERIALS_MAX];
    bool materials_complete;
    char leaving_typed[24]; /* only on the page where it is typed */
    bool leaving_is_date;   /* of the two pages the second */
    bool leaving_complete, leaving_refused;
    struct ui_strokes signature;   /* only on the page where it is drawn */
    enum view_residence residence; /* the strictest rule of what is registered */
    char residence_source[96];     /* number of its document */
    bool is_signed;                /* on the screen; else at the window */
    bool bureau_checked;           /* the bureau was asked and saw nothing against it */
    enum view_registered registered_as;
    bool phone_refused;
    bool consent_given; /* the box on the consent page is ticked */
    int consent_version;

    /* months */
    int month_count; /* offered */
    struct view_month months[VIEW_MONTHS_MAX];
    int months_chosen; /* the first n of them */
    bool can_begin_earlier, can_begin_later;
    int64_t due_fen;

    /* method */
    enum service cash_service;
    bool cash_broke_off; /* the last try, before a note was taken */
    int64_t limit_fen;   /* the most of one payment, for its sentence; 0 no limit */
    int limit_notes;
    char surplus[LANGUAGES][192];

    /* cash */
    int64_t inserted_fen;
    int note_count;
    struct view_note notes[VIEW_NOTES_MAX]; /* by value, descending */
    int accepted_count;                     /* while paying: of what is wanted now */
    int64_t accepted_fen[VIEW_NOTES_MAX];
    int plan_count; /* the best that can still be put in, by value, descending; 0 nothing can */
    struct view_note plan[VIEW_NOTES_MAX];
    int64_t plan_sum_fen;      /* with what is inside, when it has been followed … */
    int64_t plan_surplus_fen;  /* … and what is over then */
    struct view_note plan_top; /* with the largest alone; count 0: no other way */
    int64_t plan_top_surplus_fen;
    enum view_cash_notice cash_notice;
    int64_t last_note_fen;
    bool can_cancel; /* nothing stacked yet */

    /* receipt, done */
    char voucher[40];
    int64_t paid_fen, applied_fen, surplus_fen;
    int months_paid;
    bool receipt_printed, receipt_failed, receipt_unknown;
    bool partial; /* less than due was paid */

    enum service registration_service; /* why registering is not possible now; owed, consent */

    /* owed, months: paid at this kiosk before */
    bool all_paid;            /* nothing can be paid now … */
    month_index next_payable; /* … before this month */
    int months_min;           /* fewer would leave out an insurance that is chosen */

    /* home: the slip of the last payment */
    bool interrupted_slip_waits;   /* for the printer */
    bool interrupted_note_unknown; /* it is about a note that could not be proved */

    /* done: a note that may be inside and could not be proved */
    bool note_unknown;
    int64_t unknown_fen;    /* 0: not even its value is known */
    char claim_voucher[40]; /* of its claim slip; empty if there is none */
    bool claim_printed;

    /* done: a note is inside that is not in the books yet; the next start or a working disk books
     * it. Also set without a note when the journal refused to close the payment: no voucher then,
     * and the transaction's number is all there is to ask with. */
    bool note_unrecorded;
    char txn[40];

    struct view_inquiry inquiry;
    struct view_learn learn;
};

/* What a touch means. argument: index, digit or count. */
enum intent {
    INTENT_NONE,
    INTENT_START, /* home: begin */
    INTENT_RIGHTS,
    INTENT_LANGUAGE, /* argument: enum language */
    INTENT_BACK,
    INTENT_NEXT,
    INTENT_CANCEL, /* end the visit; refused once money is inside */
    INTENT_MORE_TIME,
    INTENT_TOGGLE_INSURANCE, /* argument: index */
    INTENT_CHOOSE_BASE,      /* argument: index into bases_fen */
    INTENT_OWN_BASE,
    INTENT_CHOICES,     /* argument: the insurance whose list is to be shown */
    INTENT_TAKE_CHOICE, /* argument: which of the list, from 1 */
    INTENT_DIGIT,       /* argument: 0..9 */
    INTENT_ERASE,
    INTENT_CLEAR,
    INTENT_TOGGLE_CONSENT,
    INTENT_TOGGLE_MATERIAL, /* argument: index */
    INTENT_SIGN_LATER,      /* at the window */
    INTENT_WHY,             /* why this card is refused, and what to bring */
    INTENT_CHOOSE_MONTHS,   /* argument: how many */
    INTENT_EARLIER,         /* begin with an earlier month, or a later one */
    INTENT_LATER,
    INTENT_PAY_CASH,
    INTENT_PAY_LATER,   /* registered: end without paying */
    INTENT_FINISH_CASH, /* pay only what is in */
    INTENT_DONE,
    INTENT_INQUIRY,      /* home: look after one's payments */
    INTENT_BY_NUMBER,    /* without a card: by the number of a slip */
    INTENT_LIST_MONTHS,  /* argument: view_inquiry.half; 0 the newest there is */
    INTENT_WHERE,        /* argument: from which payment on, 0 the newest */
    INTENT_PRINT,        /* the record, free of charge */
    INTENT_REPRINT,      /* argument: index of the payment */
    INTENT_LEARN,        /* home: understand what is paid and why */
    INTENT_TOPIC,        /* argument: enum view_topic */
    INTENT_GRADES,       /* argument: the insurance whose list is wanted */
    INTENT_CHOOSE_GRADE, /* argument: index into the list */
    INTENT_CHOOSE_YEAR,  /* argument: the year */
    INTENT_CHOOSE_MONTH, /* argument: month_index */
    /* Taken on every page, whatever is going on there. */
    INTENT_OVERLAY, /* argument: enum view_overlay */
    INTENT_FIGURE,  /* where a figure comes from; argument: VIEW_FIGURE() */
    INTENT_LARGE,   /* argument of these: 0 or 1 */
    INTENT_CONTRAST,
    INTENT_LOW_REACH,
    INTENT_SPOKEN,
    INTENT_VOLUME,    /* argument: 1..VIEW_VOLUME_MAX */
    INTENT_KEEP_SIZE, /* the offer of larger type is declined */
    INTENT_PAGE,      /* argument: of a screen shown in parts, from 0 */
    INTENTS,
};

/* The argument of INTENT_NEXT on the signature page: the size of the field that was written on. */
#define VIEW_FIELD_MM(width_mm, height_mm) ((int)(width_mm) << 8 | (int)(height_mm))
#define VIEW_FIELD_WIDTH_MM(argument) ((argument) >> 8 & 0xffff)
#define VIEW_FIELD_HEIGHT_MM(argument) ((argument)&0xff)

const char *intent_name(enum intent intent);
const char *session_step_name(enum session_step step);
