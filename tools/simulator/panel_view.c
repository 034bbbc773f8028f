#include "tools/simulator/panel_view.h"
#include <stdio.h>
#include <string.h>

enum {
    READER,
    ACCEPTOR,
    PRINTER
};
enum {
    GAP = 16,
    PAD = 16,
    TOP = 72,
    COLUMN_1 = 330,
    COLUMN_2 = 440,
    COLUMN_3 = 346
};

void panel_view_snapshot(const struct simulator *simulator, struct panel_snapshot *out)
{
    const struct usb_port *ports[] = { simulator->reader_port, simulator->acceptor_port,
                                       simulator->printer_port };
    const struct model_acceptor *acceptor = &simulator->acceptor;
    const struct model_printer *printer = &simulator->printer;
    for (int i = 0; i < 3; i++) {
        out->cable[i] = usb_port_has_cable(ports[i]);
        out->attached[i] = usb_port_is_attached(ports[i]);
        out->open[i] = usb_port_clients(ports[i]) > 0;
    }
    out->powered[READER] = true;
    out->powered[ACCEPTOR] = acceptor->usb.powered;
    out->powered[PRINTER] = printer->usb.powered;
    out->card = simulator->reader.card;
    out->progress = simulator->reader.progress;
    out->reader_fault = simulator->reader.fault;
    out->accepting = acceptor->enabled;
    out->starting = acceptor->starting_until_ms >= 0;
    out->box_out = acceptor->box_out;
    out->box_full = acceptor->box_full;
    out->acceptor_fault = acceptor->fault;
    for (int i = 0; i < acceptor->note_count; i++) {
        const struct note *note = &acceptor->notes[i];
        out->place_count[note->place]++;
        out->place_yuan[note->place] += note->value_yuan;
        for (int c = 0; c < ACCEPTOR_CHANNELS && note->place == NOTE_IN_BOX; c++)
            out->box_count[c] += ACCEPTOR_VALUES_YUAN[c] == note->value_yuan;
    }
    out->cover_open = printer->cover_open;
    out->cutter_error = printer->cutter_error;
    out->printing = model_printer_is_busy(printer);
    out->paper_mm_tens = (int)(printer->paper_rows / PRINTER_ROWS_PER_MM / 10);
    out->printer_fault = printer->fault;
    out->receipt_count = printer->receipt_count;
    out->strip_rows = printer->strip.height_rows;
    out->protocol_errors[READER] = simulator->reader.protocol_errors;
    out->protocol_errors[ACCEPTOR] = model_acceptor_errors(acceptor);
    out->protocol_errors[PRINTER] = printer->protocol_errors;
}

static void choose(const char **command, bool hit, const char *meaning)
{
    if (hit)
        *command = meaning;
}

/* Title, lamp and plug of one device; returns the y below. */
static int draw_head(struct panel_canvas *canvas, const struct panel_snapshot *now, int device,
                     SDL_Rect column, const char **command)
{
    static const char *const TITLES[][2] = { { "身份证阅读器", "ID card reader" },
                                             { "纸币接收器", "Banknote acceptor" },
                                             { "凭条打印机", "Receipt printer" } };
    static const char *const PLUG[][2] = { { "plug reader", "unplug reader" },
                                           { "plug acceptor", "unplug acceptor" },
                                           { "plug printer", "unplug printer" } };
    bool cable = now->cable[device];
    int x = column.x + PAD, y = column.y + PAD;
    panel_canvas_box(canvas, column, 18, COLOR_CARD, COLOR_LINE);
    panel_canvas_text(canvas, FONT_TITLE, x, y - 4, 0, COLOR_INK, TITLES[device][0]);
    panel_canvas_text(canvas, FONT_SMALL, x, y + 26, 0, COLOR_INK_SECOND, TITLES[device][1]);
    const SDL_Rect button = { column.x + column.w - PAD - 92, y - 2, 92, 44 };
    choose(command,
           panel_canvas_button(canvas, button, cable ? TONE_PLAIN : TONE_CAUTION,
                               cable ? "拔线" : "插线", cable ? "unplug" : "plug in"),
           PLUG[device][cable]);
    y += 50;
    bool in_use = now->attached[device] && now->open[device];
    const char *state = !cable                   ? "线已拔 unplugged"
                        : !now->powered[device]  ? "断电 no power"
                        : !now->attached[device] ? "未就绪 off the bus"
                        : in_use                 ? "使用中 in use"
                                                 : "待机 idle";
    enum panel_tone tone = !cable || !now->powered[device] ? TONE_BAD
                           : in_use                        ? TONE_GOOD
                                                           : TONE_PLAIN;
    x += panel_canvas_lamp(canvas, x, y, tone, state) + 8;
    if (now->protocol_errors[device] > 0) {
        char text[64];
        snprintf(text, sizeof text, "协议错误 %d errors", now->protocol_errors[device]);
        panel_canvas_lamp(canvas, x, y, TONE_CAUTION, text);
    }
    return y + 34;
}

/* Cards to pick up and put down. */

static const char *card_state(const struct panel_snapshot *now)
{
    static const char *const WORDS[] = { "已放上 on the reader", "已寻到 found", "已选中 selected",
                                         "已读取 read" };
    return now->card == NULL ? "" : WORDS[now->progress];
}

static void draw_card(struct panel_canvas *canvas, const struct panel_snapshot *now,
                      const struct citizen *citizen, SDL_Rect rect, const char **command)
{
    static char insert[64];
    bool lies = now->card == citizen;
    panel_canvas_box(canvas, rect, 12, lies ? COLOR_PRIMARY_SOFT : COLOR_BACKGROUND,
                     lies ? COLOR_PRIMARY : COLOR_LINE);
    const SDL_Rect chip = { rect.x + 12, rect.y + 14, 34, 26 };
    panel_canvas_fill(canvas, chip, 5, lies ? COLOR_PRIMARY : COLOR_LINE);
    uint32_t ink = lies ? COLOR_PRIMARY : COLOR_INK;
    int x = rect.x + 58, width = rect.w - 58 - 10;
    int used = panel_canvas_text(canvas, FONT_BODY, x, rect.y + 4, width, ink, citizen->name);
    int label_width = 0;
    TTF_SizeUTF8(canvas->fonts[FONT_SMALL], citizen->label_zh, &label_width, NULL);
    if (used + 8 + label_width <= width)
        panel_canvas_text(canvas, FONT_SMALL, x + used + 8, rect.y + 9, width - used - 8,
                          COLOR_INK_SECOND, citizen->label_zh);
    panel_canvas_text(canvas, FONT_SMALL, x, rect.y + 30, width, lies ? ink : COLOR_INK_SECOND,
                      lies ? card_state(now) : citizen->label);
    const SDL_Point click = { canvas->x, canvas->y };
    if (!canvas->clicked || !SDL_PointInRect(&click, &rect))
        return;
    snprintf(insert, sizeof insert, "insert-card %s", citizen->id);
    *command = lies ? "remove-card" : insert;
}

static void draw_reader(struct panel_canvas *canvas, const struct panel_snapshot *now,
                        const char **command)
{
    const SDL_Rect column = { GAP, TOP, COLUMN_1, PANEL_HEIGHT - TOP - GAP };
    int y = draw_head(canvas, now, READER, column, command);
    for (size_t i = 0; i < CITIZEN_COUNT; i++) {
        const SDL_Rect card = { column.x + PAD, y + (int)i * 60, column.w - 2 * PAD, 54 };
        draw_card(canvas, now, &CITIZENS[i], card, command);
    }
    y += (int)CITIZEN_COUNT * 60 + 4;
    bool moved = now->reader_fault == ID_FAULT_MOVE;
    const SDL_Rect move = { column.x + PAD, y, column.w - 2 * PAD, 42 };
    choose(command,
           panel_canvas_button(canvas, move, moved ? TONE_CAUTION : TONE_PLAIN, "下次读卡时移动",
                               "move the card during the next read"),
           moved ? "reader fault none" : "reader fault move");
}

/* Notes to feed, and where they are. */

static void draw_place(struct panel_canvas *canvas, const struct panel_snapshot *now, SDL_Rect rect,
                       const char *chinese, const char *english, uint32_t places, uint32_t ink)
{
    int count = 0, yuan = 0;
    for (int i = 0; i < NOTE_PLACE_COUNT; i++) {
        count += (places >> i & 1) != 0 ? now->place_count[i] : 0;
        yuan += (places >> i & 1) != 0 ? now->place_yuan[i] : 0;
    }
    char text[64];
    panel_canvas_fill(canvas, rect, 12, count > 0 ? COLOR_PRIMARY_SOFT : COLOR_BACKGROUND);
    panel_canvas_text(canvas, FONT_BODY, rect.x + 12, rect.y + 6, 0, COLOR_INK, chinese);
    panel_canvas_text(canvas, FONT_SMALL, rect.x + 12, rect.y + 28, 0, COLOR_INK_SECOND, english);
    snprintf(text, sizeof text, "%d 张 · ¥%d", count, yuan);
    int width = 0;
    TTF_SizeUTF8(canvas->fonts[FONT_BOLD], text, &width, NULL);
    panel_canvas_text(canvas, FONT_BOLD, rect.x + rect.w - 12 - width, rect.y + 13, 0,
                      count > 0 ? ink : COLOR_INK_SECOND, text);
}

static int draw_places(struct panel_canvas *canvas, const struct panel_snapshot *now,
                       SDL_Rect column, int y)
{
    static const struct {
        const char *chinese, *english;
        uint32_t places, ink;
    } ROWS[] = {
        { "入口", "in the mouth", 1u << NOTE_IN_MOUTH, COLOR_INK },
        { "识别", "being read", 1u << NOTE_READING, COLOR_PRIMARY },
        { "暂存", "in escrow", 1u << NOTE_ESCROW, COLOR_PRIMARY },
        { "压钞", "being stacked", 1u << NOTE_STACKING | 1u << NOTE_CREDITED, COLOR_PRIMARY },
        { "钞箱", "in the cash box", 1u << NOTE_IN_BOX, COLOR_GOOD },
        { "退还", "given back", 1u << NOTE_REJECTING | 1u << NOTE_RETURNED, COLOR_CAUTION },
        { "卡钞", "jammed", 1u << NOTE_JAMMED, COLOR_BAD },
        { "已取走", "collected by staff", 1u << NOTE_COLLECTED, COLOR_INK },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const SDL_Rect rect = { column.x + PAD, y, column.w - 2 * PAD, 50 };
        draw_place(canvas, now, rect, ROWS[i].chinese, ROWS[i].english, ROWS[i].places,
                   ROWS[i].ink);
        y += 54;
    }
    return y;
}

static void draw_box_contents(struct panel_canvas *canvas, const struct panel_snapshot *now, int x,
                              int y)
{
    char text[64];
    for (int i = 0; i < ACCEPTOR_CHANNELS; i++) {
        snprintf(text, sizeof text, "¥%d × %d", ACCEPTOR_VALUES_YUAN[i], now->box_count[i]);
        x += panel_canvas_lamp(canvas, x, y, now->box_count[i] > 0 ? TONE_GOOD : TONE_PLAIN, text) +
             5;
    }
}

static int draw_notes(struct panel_canvas *canvas, SDL_Rect column, int y, const char **command)
{
    static const struct {
        const char *label, *english, *command;
    } NOTES[] = {
        { "5 元", "", "note 5" },
        { "10 元", "", "note 10" },
        { "20 元", "", "note 20" },
        { "50 元", "", "note 50" },
        { "100 元", "", "note 100" },
        { "1 元", "", "note 1" },
        { "假 100", "", "note 100 --fake" },
    };
    int count = (int)(sizeof NOTES / sizeof NOTES[0]);
    int width = (column.w - 2 * PAD - (count - 1) * 5) / count;
    for (int i = 0; i < count; i++) {
        const SDL_Rect rect = { column.x + PAD + i * (width + 5), y, width, 46 };
        choose(command,
               panel_canvas_button(canvas, rect, i < 5 ? TONE_CHOSEN : TONE_CAUTION, NOTES[i].label,
                                   NOTES[i].english),
               NOTES[i].command);
    }
    return y + 56;
}

static void draw_acceptor_doors(struct panel_canvas *canvas, const struct panel_snapshot *now,
                                SDL_Rect column, int y, const char **command)
{
    int width = (column.w - 2 * PAD - 3 * 8) / 4;
    SDL_Rect rect = { column.x + PAD, y, width, 46 };
    choose(command,
           panel_canvas_button(canvas, rect, now->box_out ? TONE_BAD : TONE_PLAIN,
                               now->box_out ? "装回空箱" : "取出钞箱",
                               now->box_out ? "put a box in" : "remove box"),
           now->box_out ? "box replace" : "box remove");
    rect.x += width + 8;
    choose(command,
           panel_canvas_button(canvas, rect, now->box_full ? TONE_BAD : TONE_PLAIN, "箱满",
                               "box full"),
           "box full");
    rect.x += width + 8;
    bool on = now->powered[ACCEPTOR];
    choose(command,
           panel_canvas_button(canvas, rect, on ? TONE_PLAIN : TONE_BAD, on ? "断电" : "通电",
                               on ? "power off" : "power on"),
           on ? "acceptor power off" : "acceptor power on");
    rect.x += width + 8;
    bool jammed = now->place_count[NOTE_JAMMED] > 0;
    bool will_jam = now->acceptor_fault == ACCEPTOR_FAULT_JAM;
    choose(command,
           panel_canvas_button(canvas, rect,
                               jammed     ? TONE_BAD
                               : will_jam ? TONE_CAUTION
                                          : TONE_PLAIN,
                               jammed ? "排除卡钞" : "下张卡钞",
                               jammed ? "clear the jam" : "jam the next"),
           jammed ? "acceptor clear-jam" : "acceptor fault jam");
}

static void draw_acceptor(struct panel_canvas *canvas, const struct panel_snapshot *now,
                          const char **command)
{
    const SDL_Rect column = { GAP * 2 + COLUMN_1, TOP, COLUMN_2, PANEL_HEIGHT - TOP - GAP };
    int y = draw_head(canvas, now, ACCEPTOR, column, command);
    enum panel_tone tone = now->accepting ? TONE_GOOD : TONE_PLAIN;
    const char *word = now->starting    ? "启动中 starting"
                       : now->accepting ? "接收纸币 accepting"
                                        : "不接收 not accepting";
    panel_canvas_lamp(canvas, column.x + column.w - PAD - 150, y - 34, tone, word);
    y = draw_notes(canvas, column, y, command);
    y = draw_places(canvas, now, column, y);
    draw_box_contents(canvas, now, column.x + PAD, y + 4);
    draw_acceptor_doors(canvas, now, column, column.y + column.h - PAD - 46, command);
}

/* The paper */

/* Half size: each pixel is the mean of 2 × 2 dots. */
static uint32_t paper_gray(const struct paper_strip *paper, int x, int y)
{
    static const uint32_t GRAYS[] = { 0xFFFFFF, 0xC8C8C8, 0x909090, 0x505050, 0x101010 };
    int black = 0, stride = paper->width_dots / 8;
    for (int dy = 0; dy < 2 && 2 * y + dy < paper->height_rows; dy++) {
        uint8_t byte = paper->rows[(2 * y + dy) * stride + x / 4];
        black += byte >> (7 - 2 * x % 8) & 1;
        black += byte >> (6 - 2 * x % 8) & 1;
    }
    return GRAYS[black];
}

static void draw_paper(struct panel_canvas *canvas, const struct panel_snapshot *now,
                       const struct paper_strip *paper, SDL_Rect area)
{
    int width = paper->width_dots / 2, height = paper->height_rows / 2;
    bool hanging = paper->height_rows == now->strip_rows;
    int scroll = hanging ? height - area.h : now->scroll_rows / 2;
    if (scroll > height - area.h)
        scroll = height - area.h;
    if (scroll < 0)
        scroll = 0;
    int shown = height - scroll < area.h ? height - scroll : area.h;
    int left = area.x + (area.w - width) / 2;
    int top = hanging ? area.y + area.h - shown : area.y;
    for (int y = 0; y < shown; y++) {
        uint32_t *line = (uint32_t *)(void *)((uint8_t *)canvas->surface->pixels +
                                              (top + y) * canvas->surface->pitch);
        for (int x = 0; x < width; x++) {
            Uint8 gray = (Uint8)paper_gray(paper, x, y + scroll);
            line[left + x] = SDL_MapRGB(canvas->surface->format, gray, gray, gray);
        }
    }
}

static void draw_printer_doors(struct panel_canvas *canvas, const struct panel_snapshot *now,
                               SDL_Rect column, int y, const char **command)
{
    int mm = now->paper_mm_tens * 10;
    bool low = mm > 0 && mm < PRINTER_NEAR_END_MM;
    int width = (column.w - 2 * PAD - 2 * 8) / 3;
    SDL_Rect rect = { column.x + PAD, y, width, 46 };
    choose(command, panel_canvas_button(canvas, rect, TONE_PLAIN, "装新纸", "new roll"),
           "paper ok");
    rect.x += width + 8;
    choose(
        command,
        panel_canvas_button(canvas, rect, low ? TONE_CAUTION : TONE_PLAIN, "纸将尽", "paper low"),
        "paper low");
    rect.x += width + 8;
    choose(
        command,
        panel_canvas_button(canvas, rect, mm <= 0 ? TONE_BAD : TONE_PLAIN, "纸用尽", "paper out"),
        "paper out");
    rect.y += 54;
    rect.x = column.x + PAD;
    choose(command,
           panel_canvas_button(canvas, rect, now->cover_open ? TONE_BAD : TONE_PLAIN,
                               now->cover_open ? "关上机盖" : "打开机盖",
                               now->cover_open ? "close the cover" : "open the cover"),
           now->cover_open ? "cover closed" : "cover open");
    rect.x += width + 8;
    bool on = now->powered[PRINTER];
    choose(command,
           panel_canvas_button(canvas, rect, on ? TONE_PLAIN : TONE_BAD, on ? "断电" : "通电",
                               on ? "power off" : "power on"),
           on ? "printer power off" : "printer power on");
    rect.x += width + 8;
    bool will_block = now->printer_fault == PRINTER_FAULT_CUTTER;
    choose(command,
           panel_canvas_button(canvas, rect,
                               now->cutter_error ? TONE_BAD
                               : will_block      ? TONE_CAUTION
                                                 : TONE_PLAIN,
                               now->cutter_error ? "疏通切刀" : "卡住切刀",
                               now->cutter_error ? "free the cutter" : "block cutter"),
           now->cutter_error ? "printer free-cutter" : "printer fault cutter");
}

static void draw_printer(struct panel_canvas *canvas, const struct panel_snapshot *now,
                         const struct paper_strip *paper, const char **command)
{
    const SDL_Rect column = { GAP * 3 + COLUMN_1 + COLUMN_2, TOP, COLUMN_3,
                              PANEL_HEIGHT - TOP - GAP };
    int y = draw_head(canvas, now, PRINTER, column, command);
    int doors = column.y + column.h - PAD - 100;
    const SDL_Rect area = { column.x + PAD, y, column.w - 2 * PAD, doors - y - 28 };
    char text[64];
    panel_canvas_fill(canvas, area, 12, 0xE4EAF2);
    draw_paper(canvas, now, paper, (SDL_Rect){ area.x, area.y + 8, area.w, area.h - 8 });
    const SDL_Rect slot = { area.x, area.y + area.h - 2, area.w, 8 };
    panel_canvas_fill(canvas, slot, 4, COLOR_INK);
    snprintf(text, sizeof text, "%s凭条 %d 张 receipts · 余纸 %.1f m",
             now->printing ? "打印中 printing · " : "", now->receipt_count,
             now->paper_mm_tens / 100.0);
    panel_canvas_text(canvas, FONT_SMALL, area.x, area.y + area.h + 8, area.w, COLOR_INK_SECOND,
                      text);
    draw_printer_doors(canvas, now, column, doors, command);
}

const char *panel_view_draw(struct panel_canvas *canvas, const struct panel_snapshot *snapshot,
                            const struct paper_strip *paper)
{
    const char *command = NULL;
    const SDL_Rect all = { 0, 0, PANEL_WIDTH, PANEL_HEIGHT };
    const SDL_Rect head = { 0, 0, PANEL_WIDTH, 56 };
    const SDL_Rect mark = { GAP, 12, 32, 32 };
    panel_canvas_fill(canvas, all, 0, COLOR_BACKGROUND);
    panel_canvas_fill(canvas, head, 0, COLOR_CARD);
    panel_canvas_fill(canvas, (SDL_Rect){ 0, 56, PANEL_WIDTH, 1 }, 0, COLOR_LINE);
    panel_canvas_fill(canvas, mark, 8, COLOR_PRIMARY);
    panel_canvas_text(canvas, FONT_BOLD, mark.x + 8, mark.y + 4, 0, COLOR_CARD, "虚");
    panel_canvas_text(canvas, FONT_TITLE, mark.x + 44, mark.y + 1, 0, COLOR_INK, "虚拟设备");
    panel_canvas_text(canvas, FONT_BODY, mark.x + 140, mark.y + 5, 0, COLOR_INK_SECOND,
                      "Virtual hardware · 证件、纸币与凭条均为虚构 every card, note and receipt is "
                      "invented");
    draw_reader(canvas, snapshot, &command);
    draw_acceptor(canvas, snapshot, &command);
    draw_printer(canvas, snapshot, paper, &command);
    return command;
}
