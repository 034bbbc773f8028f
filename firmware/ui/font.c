#include "ui/font.h"

#include <SDL_ttf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define FACE_SIMPLIFIED_CHINESE 2
#define FIRST_SIZE_PX 36
#define WEIGHTS 2

struct face {
    void *file;
    size_t file_bytes;
    TTF_Font *ttf;
    int size_px;
};

struct font {
    struct face faces[WEIGHTS];
};

static const char *const FILE_NAMES[WEIGHTS] = {
    [FONT_REGULAR] = "NotoSansCJK-Regular.ttc",
    [FONT_BOLD] = "NotoSansCJK-Bold.ttc",
};

static enum status map_file(const char *path, struct face *face)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return STATUS_NOT_FOUND;
    struct stat info;
    enum status status = STATUS_INVALID;
    if (fstat(fd, &info) == 0 && info.st_size > 0) {
        void *file = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (file != MAP_FAILED) {
            face->file = file;
            face->file_bytes = (size_t)info.st_size;
            status = STATUS_OK;
        }
    }
    close(fd);
    return status;
}

static enum status open_face(const char *directory, const char *name, struct face *face)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    enum status status = map_file(path, face);
    if (status != STATUS_OK) {
        log_error("ui", "font_unreadable", "%s: %s", path, status_name(status));
        return status;
    }
    SDL_RWops *stream = SDL_RWFromConstMem(face->file, (int)face->file_bytes);
    face->ttf = TTF_OpenFontIndexRW(stream, 1, FIRST_SIZE_PX, FACE_SIMPLIFIED_CHINESE);
    if (!face->ttf) {
        log_error("ui", "font_invalid", "%s: %s", path, TTF_GetError());
        return STATUS_INVALID;
    }
    face->size_px = FIRST_SIZE_PX;
    TTF_SetFontHinting(face->ttf, TTF_HINTING_LIGHT);
    return STATUS_OK;
}

enum status font_open(const char *directory, struct font **out)
{
    if (TTF_Init() != 0)
        return STATUS_INVALID;
    struct font *font = calloc(1, sizeof(*font));
    if (!font) {
        TTF_Quit();
        return STATUS_FULL;
    }
    for (int i = 0; i < WEIGHTS; i++) {
        enum status status = open_face(directory, FILE_NAMES[i], &font->faces[i]);
        if (status != STATUS_OK) {
            font_close(font);
            return status;
        }
    }
    *out = font;
    return STATUS_OK;
}

void font_close(struct font *font)
{
    if (!font)
        return;
    for (int i = 0; i < WEIGHTS; i++) {
        if (font->faces[i].ttf)
            TTF_CloseFont(font->faces[i].ttf);
        if (font->faces[i].file)
            munmap(font->faces[i].file, font->faces[i].file_bytes);
    }
    free(font);
    TTF_Quit();
}

/* One face per weight: a second face of the same file costs 2.3 MiB, a change of size nothing. */
static TTF_Font *face_at(struct font *font, enum font_weight weight, int size_px)
{
    struct face *face = &font->faces[weight];
    if (face->size_px != size_px && TTF_SetFontSize(face->ttf, size_px) == 0)
        face->size_px = size_px;
    return face->ttf;
}

int font_measure(struct font *font, enum font_weight weight, int size_px, const char *text)
{
    int width = 0;
    if (TTF_SizeUTF8(face_at(font, weight, size_px), text, &width, NULL) != 0)
        return 0;
    return width;
}

int font_line_height(struct font *font, enum font_weight weight, int size_px)
{
    return TTF_FontHeight(face_at(font, weight, size_px));
}

static enum status copy_coverage(const SDL_Surface *surface, struct font_pixels *out)
{
    size_t width = (size_t)surface->w, height = (size_t)surface->h;
    out->alpha = malloc(width * height);
    if (!out->alpha)
        return STATUS_FULL;
    for (size_t y = 0; y < height; y++)
        memcpy(out->alpha + y * width,
               (const uint8_t *)surface->pixels + y * (size_t)surface->pitch, width);
    out->width = out->stride = surface->w;
    out->height = surface->h;
    return STATUS_OK;
}

enum status font_render(struct font *font, enum font_weight weight, int size_px, const char *text,
                        struct font_pixels *out)
{
    *out = (struct font_pixels){ 0 };
    TTF_Font *ttf = face_at(font, weight, size_px);
    out->baseline = TTF_FontAscent(ttf);
    if (text[0] == '\0')
        return STATUS_OK;
    /* Shaded renders to 8 bits whose palette index is the coverage itself. */
    const SDL_Color white = { 255, 255, 255, 255 }, black = { 0, 0, 0, 255 };
    SDL_Surface *surface = TTF_RenderUTF8_Shaded(ttf, text, white, black);
    if (!surface)
        return STATUS_INVALID;
    enum status status = copy_coverage(surface, out);
    SDL_FreeSurface(surface);
    return status;
}

void font_pixels_free(struct font_pixels *pixels)
{
    free(pixels->alpha);
    *pixels = (struct font_pixels){ 0 };
}
