#include "sim/disk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 8
#define NAME_SIZE 128
#define TEMPORARY "temporary-"
#define SHM_REGIONS_MAX 16

struct image {
    uint8_t *bytes;
    size_t size, room;
};

struct pending {
    size_t offset, size; /* size 0: truncated to offset */
    uint8_t *bytes;
};

struct file {
    char name[NAME_SIZE]; /* empty: free */
    enum disk_machine machine;
    bool is_log;
    struct image now, safe;
    struct pending *pending;
    int pending_count, pending_room;
    bool has_refused; /* since the last good sync */
    void *shm[SHM_REGIONS_MAX];
};

struct handle {
    sqlite3_file base;
    struct file *file;
};

static struct disk {
    struct file files[FILES_MAX];
    bool dead[DISK_MACHINES];
    enum disk_trouble trouble[DISK_MACHINES];
    disk_on_step *on_step;
    void *context;
    uint64_t random;
} disk;

static struct file *file_of(sqlite3_file *handle)
{
    return ((struct handle *)(void *)handle)->file;
}

/* ---- images ---- */

static void image_resize(struct image *image, size_t size)
{
    if (size > image->room) {
        image->room = size + size / 2 + 65536;
        image->bytes = realloc(image->bytes, image->room);
        if (image->bytes == NULL)
            abort();
    }
    if (size > image->size)
        memset(image->bytes + image->size, 0, size - image->size);
    image->size = size;
}

static void image_write(struct image *image, size_t offset, const uint8_t *bytes, size_t size)
{
    if (offset + size > image->size)
        image_resize(image, offset + size);
    memcpy(image->bytes + offset, bytes, size);
}

static void image_copy(struct image *image, const struct image *from)
{
    image->size = 0;
    image_resize(image, from->size);
    if (from->size > 0)
        memcpy(image->bytes, from->bytes, from->size);
}

/* ---- what waits for a sync ---- */

static void remember(struct file *file, size_t offset, const void *bytes, size_t size)
{
    if (file->pending_count == file->pending_room) {
        file->pending_room = file->pending_room * 2 + 64;
        file->pending =
            realloc(file->pending, (size_t)file->pending_room * sizeof file->pending[0]);
        if (file->pending == NULL)
            abort();
    }
    struct pending *pending = &file->pending[file->pending_count++];
    *pending = (struct pending){ .offset = offset, .size = size };
    if (size == 0)
        return;
    pending->bytes = malloc(size);
    if (pending->bytes == NULL)
        abort();
    memcpy(pending->bytes, bytes, size);
}

static void forget_pending(struct file *file)
{
    for (int i = 0; i < file->pending_count; i++)
        free(file->pending[i].bytes);
    file->pending_count = 0;
}

static void make_safe(struct image *safe, const struct pending *pending, size_t size)
{
    if (pending->size == 0)
        image_resize(safe, pending->offset);
    else
        image_write(safe, pending->offset, pending->bytes, size);
}

static void sync_all(struct file *file)
{
    for (int i = 0; i < file->pending_count; i++)
        make_safe(&file->safe, &file->pending[i], file->pending[i].size);
    forget_pending(file);
}

static void cut(struct file *file, struct dice *dice)
{
    for (int i = 0; i < file->pending_count; i++) {
        int64_t fate = dice_between(dice, 0, 3);
        size_t size = file->pending[i].size;
        if (fate == 0 || (fate == 1 && size == 0))
            continue;
        make_safe(&file->safe, &file->pending[i],
                  fate == 1 ? (size_t)dice_between(dice, 1, (int64_t)size) : size);
    }
    forget_pending(file);
    image_copy(&file->now, &file->safe);
}

/* ---- files ---- */

static void free_shm(struct file *file)
{
    for (int i = 0; i < SHM_REGIONS_MAX; i++) {
        free(file->shm[i]);
        file->shm[i] = NULL;
    }
}

static void clear(struct file *file)
{
    forget_pending(file);
    free_shm(file);
    file->name[0] = '\0';
    file->has_refused = false;
    file->now.size = file->safe.size = 0;
}

static struct file *find_file(const char *name)
{
    for (int i = 0; i < FILES_MAX; i++)
        if (strcmp(disk.files[i].name, name) == 0)
            return &disk.files[i];
    return NULL;
}

static struct file *create_file(const char *name)
{
    struct file *file = find_file("");
    if (file == NULL)
        abort();
    snprintf(file->name, sizeof file->name, "%s", name);
    file->machine = strstr(name, "journal.db") ? DISK_KIOSK : DISK_BUREAU;
    size_t length = strlen(name);
    file->is_log = length > 4 && strcmp(name + length - 4, "-wal") == 0;
    return file;
}

static bool dies(const struct file *file)
{
    if (!disk.dead[file->machine] && disk.on_step != NULL &&
        disk.on_step(disk.context, file->machine))
        disk.dead[file->machine] = true;
    return disk.dead[file->machine];
}

/* ---- SQLite's file methods ---- */

static int close_file(sqlite3_file *handle)
{
    struct file *file = file_of(handle);
    if (strncmp(file->name, TEMPORARY, strlen(TEMPORARY)) == 0)
        clear(file);
    return SQLITE_OK;
}

static int read_file(sqlite3_file *handle, void *out, int size, sqlite3_int64 offset)
{
    const struct image *now = &file_of(handle)->now;
    size_t begin = (size_t)offset, wanted = (size_t)size;
    size_t there = begin < now->size ? now->size - begin : 0;
    if (there > wanted)
        there = wanted;
    if (there > 0)
        memcpy(out, now->bytes + begin, there);
    memset((char *)out + there, 0, wanted - there);
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int write_file(sqlite3_file *handle, const void *data, int size, sqlite3_int64 offset)
{
    struct file *file = file_of(handle);
    size_t count = (size_t)size;
    if (dies(file))
        return SQLITE_IOERR_WRITE;
    file->has_refused = file->has_refused || disk.trouble[file->machine] == DISK_FULL ||
                        disk.trouble[file->machine] == DISK_TEARS;
    if (disk.trouble[file->machine] == DISK_FULL)
        return SQLITE_FULL;
    if (disk.trouble[file->machine] == DISK_TEARS)
        count /= 2;
    if (count > 0) {
        image_write(&file->now, (size_t)offset, data, count);
        remember(file, (size_t)offset, data, count);
    }
    return count == (size_t)size ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int truncate_file(sqlite3_file *handle, sqlite3_int64 size)
{
    struct file *file = file_of(handle);
    if (dies(file))
        return SQLITE_IOERR_TRUNCATE;
    image_resize(&file->now, (size_t)size);
    remember(file, (size_t)size, NULL, 0);
    return SQLITE_OK;
}

static int sync_file(sqlite3_file *handle, int flags)
{
    struct file *file = file_of(handle);
    (void)flags;
    if (dies(file))
        return SQLITE_IOERR_FSYNC;
    if (disk.trouble[file->machine] == DISK_SYNC_FAILS) {
        forget_pending(file);
        file->has_refused = true;
        return SQLITE_IOERR_FSYNC;
    }
    sync_all(file);
    file->has_refused = false;
    return SQLITE_OK;
}

static int size_file(sqlite3_file *handle, sqlite3_int64 *size_out)
{
    *size_out = (sqlite3_int64)file_of(handle)->now.size;
    return SQLITE_OK;
}

static int lock_file(sqlite3_file *handle, int level)
{
    (void)handle;
    (void)level;
    return SQLITE_OK;
}

static int check_lock(sqlite3_file *handle, int *result_out)
{
    (void)handle;
    *result_out = 0;
    return SQLITE_OK;
}

static int control_file(sqlite3_file *handle, int operation, void *argument)
{
    (void)handle;
    if (operation != SQLITE_FCNTL_PERSIST_WAL)
        return SQLITE_NOTFOUND;
    *(int *)argument = 1; /* this disk keeps the log as the real one was asked to */
    return SQLITE_OK;
}

static int sector_size(sqlite3_file *handle)
{
    (void)handle;
    return 4096;
}

/* As SQLite believes of a disk under Linux. */
static int characteristics(sqlite3_file *handle)
{
    (void)handle;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int map_shm(sqlite3_file *handle, int region, int size, int extend, void volatile **out)
{
    struct file *file = file_of(handle);
    if (region >= SHM_REGIONS_MAX)
        return SQLITE_IOERR_SHMMAP;
    if (file->shm[region] == NULL && extend)
        file->shm[region] = calloc(1, (size_t)size);
    *out = file->shm[region];
    return SQLITE_OK;
}

static int lock_shm(sqlite3_file *handle, int offset, int count, int flags)
{
    (void)handle;
    (void)offset;
    (void)count;
    (void)flags;
    return SQLITE_OK;
}

static void barrier_shm(sqlite3_file *handle)
{
    (void)handle;
}

static int unmap_shm(sqlite3_file *handle, int delete_it)
{
    (void)delete_it;
    free_shm(file_of(handle));
    return SQLITE_OK;
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_file,
    .xLock = lock_file,
    .xUnlock = lock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shm,
    .xShmLock = lock_shm,
    .xShmBarrier = barrier_shm,
    .xShmUnmap = unmap_shm,
};

/* ---- SQLite's VFS methods ---- */

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *handle, int flags,
                     int *flags_out)
{
    static int temporary_count;
    char temporary[NAME_SIZE];
    (void)vfs;
    handle->pMethods = NULL;
    if (name == NULL) {
        snprintf(temporary, sizeof temporary, TEMPORARY "%d", temporary_count++);
        name = temporary;
    }
    struct file *file = find_file(name);
    if (file == NULL && (flags & SQLITE_OPEN_CREATE) == 0 && strstr(name, ".db") == NULL)
        return SQLITE_CANTOPEN;
    if (file == NULL)
        file = create_file(name);
    ((struct handle *)(void *)handle)->file = file;
    handle->pMethods = &METHODS;
    if (flags_out != NULL)
        *flags_out = flags;
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    (void)sync_folder;
    struct file *file = find_file(name);
    if (file == NULL)
        return SQLITE_IOERR_DELETE_NOENT;
    if (dies(file))
        return SQLITE_IOERR_DELETE;
    clear(file);
    return SQLITE_OK;
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *result_out)
{
    (void)vfs;
    const struct file *file = find_file(name);
    *result_out = file != NULL && (flags != SQLITE_ACCESS_EXISTS || file->now.size > 0);
    return SQLITE_OK;
}

static int full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    snprintf(out, (size_t)size, "%s", name);
    return SQLITE_OK;
}

static int randomness(sqlite3_vfs *vfs, int size, char *out)
{
    struct dice dice = { disk.random++ };
    (void)vfs;
    for (int i = 0; i < size; i++)
        out[i] = (char)dice_roll(&dice);
    return size;
}

static int sleep_not(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int current_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    (void)vfs;
    *out = INT64_C(212662584000000); /* nobody asks SQLite for the time */
    return SQLITE_OK;
}

static int last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    (void)size;
    (void)out;
    return 0;
}

void disk_install(void)
{
    static sqlite3_vfs vfs = {
        .iVersion = 2,
        .szOsFile = (int)sizeof(struct handle),
        .mxPathname = NAME_SIZE - 8,
        .zName = "sim_disk",
        .xOpen = open_file,
        .xDelete = delete_file,
        .xAccess = access_file,
        .xFullPathname = full_path,
        .xRandomness = randomness,
        .xSleep = sleep_not,
        .xGetLastError = last_error,
        .xCurrentTimeInt64 = current_time,
    };
    /* One thread, and nobody reads SQLite's own statistics: a third of its time. */
    if (sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK ||
        sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
        abort();
}

void disk_reset(disk_on_step *on_step, void *context)
{
    for (int i = 0; i < FILES_MAX; i++)
        clear(&disk.files[i]);
    for (int i = 0; i < DISK_MACHINES; i++) {
        disk.dead[i] = false;
        disk.trouble[i] = DISK_SOUND;
    }
    disk.on_step = on_step;
    disk.context = context;
    disk.random = 0;
    sqlite3_randomness(0, NULL); /* SQLite's own generator begins anew, from ours */
}

static struct file template[FILES_MAX];

void disk_keep_template(void)
{
    for (int i = 0; i < FILES_MAX; i++) {
        const struct file *file = &disk.files[i];
        memcpy(template[i].name, file->name, sizeof file->name);
        if (file->name[0] != '\0')
            image_copy(&template[i].now, &file->now);
    }
}

void disk_load_template(void)
{
    for (int i = 0; i < FILES_MAX; i++) {
        if (template[i].name[0] == '\0')
            continue;
        struct file *file = create_file(template[i].name);
        image_copy(&file->now, &template[i].now);
        image_copy(&file->safe, &template[i].now);
    }
}

void disk_set_trouble(enum disk_machine machine, enum disk_trouble trouble)
{
    disk.trouble[machine] = trouble;
}

void disk_kill(enum disk_machine machine)
{
    disk.dead[machine] = true;
}

void disk_revive(enum disk_machine machine)
{
    disk.dead[machine] = false;
}

void disk_lose_power(enum disk_machine machine, struct dice *dice)
{
    for (int i = 0; i < FILES_MAX; i++) {
        struct file *file = &disk.files[i];
        if (file->name[0] != '\0' && file->machine == machine)
            cut(file, dice);
    }
}

bool disk_is_synced(enum disk_machine machine)
{
    for (int i = 0; i < FILES_MAX; i++) {
        const struct file *file = &disk.files[i];
        if (file->name[0] != '\0' && file->machine == machine && file->is_log &&
            file->pending_count > 0)
            return false;
    }
    return true;
}

bool disk_has_refused(enum disk_machine machine)
{
    for (int i = 0; i < FILES_MAX; i++) {
        const struct file *file = &disk.files[i];
        if (file->name[0] != '\0' && file->machine == machine && file->is_log && file->has_refused)
            return true;
    }
    return false;
}
