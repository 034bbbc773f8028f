#include "ui/text_cache.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 128
#define PIXELS_MAX (768 * 1024)
#define LINE_BYTES_MAX 256

struct entry {
    char text[LINE_BYTES_MAX];
    enum font_weight weight;
    int size_px;
    uint32_t hash, used_at;
    struct font_pixels pixels;
};

struct text_cache {
    struct font *font;
    uint32_t clock;
    size_t pixel_bytes;
    int count;
    struct entry entries[ENTRIES_MAX];
};

struct text_cache *text_cache_create(struct font *font)
{
    struct text_cache *cache = calloc(1, sizeof(*cache));
    if (cache)
        cache->font = font;
    return cache;
}

static size_t pixel_bytes(const struct font_pixels *pixels)
{
    return (size_t)pixels->stride * (size_t)pixels->height;
}

static void drop(struct text_cache *cache, int index)
{
    struct entry *entry = &cache->entries[index];
    cache->pixel_bytes -= pixel_bytes(&entry->pixels);
    if (entry->pixels.alpha)
        explicit_bzero(entry->pixels.alpha, pixel_bytes(&entry->pixels));
    font_pixels_free(&entry->pixels);
    cache->count--;
    if (index != cache->count)
        *entry = cache->entries[cache->count];
    explicit_bzero(&cache->entries[cache->count], sizeof(*entry));
}

void text_cache_clear(struct text_cache *cache)
{
    while (cache->count > 0)
        drop(cache, cache->count - 1);
}

void text_cache_destroy(struct text_cache *cache)
{
    if (!cache)
        return;
    text_cache_clear(cache);
    free(cache);
}

static void make_room(struct text_cache *cache)
{
    while (cache->count == ENTRIES_MAX || (cache->count > 0 && cache->pixel_bytes > PIXELS_MAX)) {
        int oldest = 0;
        for (int i = 1; i < cache->count; i++) {
            if (cache->entries[i].used_at < cache->entries[oldest].used_at)
                oldest = i;
        }
        drop(cache, oldest);
    }
}

static uint32_t hash_of(const char *text, int size_px, enum font_weight weight)
{
    uint32_t hash = 2166136261u ^ (uint32_t)(size_px * 2 + (int)weight);
    for (const char *cursor = text; *cursor != '\0'; cursor++)
        hash = (hash ^ (uint8_t)*cursor) * 16777619u;
    return hash;
}

static struct entry *find(struct text_cache *cache, const struct entry *wanted)
{
    for (int i = 0; i < cache->count; i++) {
        struct entry *entry = &cache->entries[i];
        if (entry->hash == wanted->hash && entry->size_px == wanted->size_px &&
            entry->weight == wanted->weight && strcmp(entry->text, wanted->text) == 0)
            return entry;
    }
    return NULL;
}

const struct font_pixels *text_cache_get(struct text_cache *cache, enum font_weight weight,
                                         int size_px, const char *text, int length)
{
    if (length <= 0 || length >= LINE_BYTES_MAX)
        return NULL;
    struct entry wanted = { .weight = weight, .size_px = size_px };
    memcpy(wanted.text, text, (size_t)length);
    wanted.hash = hash_of(wanted.text, size_px, weight);
    struct entry *entry = find(cache, &wanted);
    if (!entry) {
        make_room(cache);
        if (font_render(cache->font, weight, size_px, wanted.text, &wanted.pixels) != STATUS_OK)
            return NULL;
        cache->pixel_bytes += pixel_bytes(&wanted.pixels);
        entry = &cache->entries[cache->count++];
        *entry = wanted;
    }
    entry->used_at = ++cache->clock;
    return &entry->pixels;
}
