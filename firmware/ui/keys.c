#include "ui/keys.h"

#include <SDL_keyboard.h>
#include <stddef.h>

static const struct {
    SDL_Keycode symbol;
    enum ui_key key;
} TABLE[] = {
    { SDLK_RIGHT, UI_KEY_NEXT },         { SDLK_DOWN, UI_KEY_NEXT },
    { SDLK_LEFT, UI_KEY_PREVIOUS },      { SDLK_UP, UI_KEY_PREVIOUS },
    { SDLK_RETURN, UI_KEY_SELECT },      { SDLK_KP_ENTER, UI_KEY_SELECT },
    { SDLK_SPACE, UI_KEY_SELECT },       { SDLK_BACKSPACE, UI_KEY_ERASE },
    { SDLK_ESCAPE, UI_KEY_BACK },        { SDLK_MINUS, UI_KEY_BACK },
    { SDLK_KP_MINUS, UI_KEY_BACK },      { SDLK_ASTERISK, UI_KEY_REPEAT },
    { SDLK_KP_MULTIPLY, UI_KEY_REPEAT }, { SDLK_PLUS, UI_KEY_SPEECH },
    { SDLK_KP_PLUS, UI_KEY_SPEECH },     { SDLK_KP_DIVIDE, UI_KEY_SPEECH },
};

/* -1: not a digit. The keypad's digits count whether NumLock is on or off: a keypad alone has no
 * other meaning for them. */
static int digit_of(SDL_Keycode symbol)
{
    if (symbol >= SDLK_0 && symbol <= SDLK_9)
        return (int)(symbol - SDLK_0);
    if (symbol == SDLK_KP_0)
        return 0;
    return symbol >= SDLK_KP_1 && symbol <= SDLK_KP_9 ? (int)(symbol - SDLK_KP_1) + 1 : -1;
}

/* Shift and 8 or = on a keyboard that has neither * nor + of its own. */
static struct keys_meaning read_shifted(SDL_Keycode symbol)
{
    if (symbol == SDLK_TAB)
        return (struct keys_meaning){ UI_KEY_PREVIOUS, 0 };
    if (symbol == SDLK_8)
        return (struct keys_meaning){ UI_KEY_REPEAT, 0 };
    if (symbol == SDLK_EQUALS)
        return (struct keys_meaning){ UI_KEY_SPEECH, 0 };
    return (struct keys_meaning){ UI_KEY_NONE, 0 };
}

struct keys_meaning keys_read(int32_t symbol, uint16_t modifiers)
{
    struct keys_meaning meaning = { UI_KEY_NONE, 0 };
    if (modifiers & (KMOD_CTRL | KMOD_ALT | KMOD_GUI))
        return meaning;
    if (modifiers & KMOD_SHIFT)
        meaning = read_shifted(symbol);
    if (meaning.key != UI_KEY_NONE)
        return meaning;
    if (symbol == SDLK_TAB)
        return (struct keys_meaning){ UI_KEY_NEXT, 0 };
    const int digit = digit_of(symbol);
    if (digit >= 0)
        return (struct keys_meaning){ UI_KEY_DIGIT, digit };
    for (size_t i = 0; i < sizeof(TABLE) / sizeof(TABLE[0]); i++) {
        if (TABLE[i].symbol == symbol)
            meaning.key = TABLE[i].key;
    }
    return meaning;
}
