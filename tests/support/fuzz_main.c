/*
 * Runs a fuzz target over a corpus without libFuzzer: fuzz_<name> FOLDER|FILE…
 * Fails on an empty corpus, for such a test would prove nothing.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_SIZE_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return -1;
    }
    uint8_t *buffer = malloc(INPUT_SIZE_MAX);
    size_t size = buffer != NULL ? fread(buffer, 1, INPUT_SIZE_MAX, file) : 0;
    fclose(file);
    /* An exact copy, so that AddressSanitizer sees a read of one byte too many. */
    uint8_t *exact = malloc(size > 0 ? size : 1);
    if (buffer == NULL || exact == NULL)
        abort();
    memcpy(exact, buffer, size);
    free(buffer);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

/* Returns how many inputs ran, or -1. */
static int run_path(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        perror(path);
        return -1;
    }
    if (!S_ISDIR(info.st_mode))
        return run_file(path);
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort), ran = 0;
    for (int i = 0; i < count; i++) {
        char file[4096];
        int length = snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        if (ran >= 0 && entries[i]->d_name[0] != '.' && length < (int)sizeof file) {
            int result = run_file(file);
            ran = result < 0 ? -1 : ran + result;
        }
        free(entries[i]);
    }
    free(entries);
    return ran;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int ran = run_path(argv[i]);
        if (ran < 0)
            return 1;
        total += ran;
    }
    printf("%d inputs\n", total);
    return total > 0 ? 0 : 1;
}
