#include <assert.h>

#include "access_internal.h"

const struct access_rule ACCESS_RULE_LIST[] = {
    { "tree-complete", "Nothing was left out because a screen was too full for its tree.", "own",
      "no overflow", rule_tree_complete },
    { "on-panel", "Everything lies on the panel.", "WCAG 2.2, 1.4.10", "0 px outside",
      rule_on_panel },
    { "ids-unique", "Each name of a control is used once.", "WCAG 2.2, 4.1.2", "no name twice",
      rule_ids_unique },
    { "language-button", "Every page has the button for the other language, and it can be touched.",
      "EN 301 549, 5.1.3.14; own", "on every page", rule_language_button },
    { "modes-button", "Every page leads to large type, contrast, reach and voice.",
      "Law on Barrier-free Environments, art. 33; GB/T 37668-2019", "on every page",
      rule_modes_button },
    { "direction", "The screen runs in the direction of its language.", "WCAG 2.2, 1.3.2",
      "as the language says", rule_direction },
    { "modes-applied", "Large type and high contrast are what the person asked for.",
      "Law on Barrier-free Environments, art. 33; GB/T 37668-2019", "as chosen",
      rule_modes_applied },
    { "nothing-crosses", "Texts, pictures and controls do not lie across one another.",
      "WCAG 2.2, 1.4.12", "no overlap", rule_crossing },
    { "above-footer", "The page ends above its footer.", "own", "0 px into the footer",
      rule_footer },
    { "page-filled", "In the usual mode the lower part of a page is not left empty.", "own",
      ">= 80 % of the height", rule_filled },
    { "values-filled-in", "No placeholder is left in a text.", "own", "no brace", rule_values },
    { "pager-complete", "A screen shown in parts leads on, back, and to its end.",
      "WCAG 2.2, 2.1.2", "on every part", rule_pager },

    { "target-size", "Every control is large enough for an unsure finger.",
      "VVSG 2.0; WCAG 2.2, 2.5.8", ">= 12.7 mm both ways", rule_target_size },
    { "main-target-size", "The control most people want is high enough to hit at once.",
      "own; MIIT elder specification asks 60 dp", ">= 20 mm high", rule_main_target_size },
    { "target-gap", "Controls are apart.", "VVSG 2.0", ">= 2.54 mm", rule_target_gap },
    { "target-named", "Every control has a name and an id.", "WCAG 2.2, 4.1.2", "both",
      rule_target_named },
    { "low-reach", "With low reach, controls are where a seated person reaches them.",
      "EN 301 549, 8.3.2; Section 508, 407.8", "380 to 1,120 mm above the floor", rule_low_reach },
    { "choice-ticked", "What is chosen carries a tick, not only a colour.", "WCAG 2.2, 1.4.1",
      "a tick on each, on no other", rule_ticks },

    { "read-height",
      "What must be read from 600 mm is large enough: the capital H of a Latin "
      "text, the glyph box of a Chinese one.",
      "EN 301 549, 5.1.4 (0.7 degrees at 600 mm)", ">= 7.3 mm", rule_read_height },
    { "small-height", "Fine print (SIZE_SMALL) is still large enough from 400 mm.",
      "ADA 707; EN 301 549, 5.1.4 at 400 mm", ">= 4.8 mm", rule_small_height },
    { "line-pitch", "Lines are apart.", "MIIT elder specification; WCAG 2.2, 1.4.12",
      ">= 1.3 of the size", rule_line_pitch },
    { "text-fits", "No text is cut, and no word is wider than its box.", "WCAG 2.2, 1.4.4",
      "all lines in the box", rule_text_fits },
    { "ink-inside", "The ink of a text, painted alone, stays in its box.", "WCAG 2.2, 1.4.12",
      "0 px outside", rule_ink_inside },
    { "glyphs-present", "The font has every character.", "own", "no missing glyph", rule_glyphs },
    { "kinsoku", "No closing punctuation begins a line and no opening one ends it.", "GB/T 15834",
      "none", rule_kinsoku },
    { "no-orphan", "No character or two stand alone on a last line.", "own", ">= 3 characters",
      rule_orphan },

    { "text-contrast", "The ink of each text against the ground it is drawn on, as painted.",
      "WCAG 2.2, 1.4.6; VVSG 2.0 (10:1)", ">= 7:1, 10:1 in high contrast", rule_text_contrast },
    { "part-contrast", "Edges of controls, progress, icons and the time ring, as painted.",
      "WCAG 2.2, 1.4.11", ">= 3:1", rule_part_contrast },
    { "pressed-contrast", "The text of a control under the finger, as painted.", "WCAG 2.2, 1.4.6",
      ">= 7:1, 10:1 in high contrast", rule_pressed_contrast },

    { "reading-order", "What is read comes in the order in which it stands.",
      "WCAG 2.2, 1.3.2; EN 301 549, 5.1.6.1", "the order of the page", rule_reading_order },
    { "focus-order", "The focus goes from control to control in that order.", "WCAG 2.2, 2.4.3",
      "the order of the page", rule_focus_order },
    { "spoken-form", "Every text, control and picture with a meaning has something to be said.",
      "EN 301 549, 5.1.3.14 to .16; Law on Barrier-free Environments, art. 33", "all of them",
      rule_spoken },
    { "private-marked", "What is about the person is marked, so that it is not said aloud.",
      "EN 301 549, 5.1.3.9; Personal Information Protection Law, art. 28", "every such text",
      rule_private },
    { "time-shown", "A page that waits shows the time left, also as a figure.", "WCAG 2.2, 2.2.1",
      "on every page that waits", rule_time_shown },
    { "more-time",
      "Before a time-out a question stands for at least 20 s, with one large answer "
      "that gives more time.",
      "WCAG 2.2, 2.2.1", ">= 20 s", rule_more_time },
    { "question-alone", "Under the question only its answers and the header can be touched.", "own",
      "no other control", rule_question_alone },
};

int access_rule_count(void)
{
    static_assert(ARRAY_SIZE(ACCESS_RULE_LIST) <= ACCESS_RULES_MAX, "results have room");
    return (int)ARRAY_SIZE(ACCESS_RULE_LIST);
}
