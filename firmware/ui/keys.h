/*
 * What a key of a keypad, a keyboard or a switch interface means. The table is in README.md.
 */
#pragma once
#include <stdint.h>

enum ui_key {
    UI_KEY_NONE,
    UI_KEY_NEXT,
    UI_KEY_PREVIOUS,
    UI_KEY_SELECT,
    UI_KEY_DIGIT,
    UI_KEY_ERASE,
    UI_KEY_BACK,
    UI_KEY_REPEAT, /* say again what was said */
    UI_KEY_SPEECH, /* turn speech on or off */
};

struct keys_meaning {
    enum ui_key key;
    int digit; /* of UI_KEY_DIGIT */
};

/* symbol and modifiers as SDL has them (SDL_Keycode, SDL_Keymod). */
struct keys_meaning keys_read(int32_t symbol, uint16_t modifiers);
