#include "unit/store/fault_vfs.h"

#include <sqlite3.h>
#include <string.h>

#include "support/unit.h"

struct fault_file {
    sqlite3_file base; /* the real file follows this struct */
};

static sqlite3_vfs vfs;
static sqlite3_vfs *real_vfs;
static bool armed, fired;
static enum fault_kind armed_kind;
static int left;
static int syncs;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return (sqlite3_file *)((struct fault_file *)(void *)file + 1);
}

static bool strikes(bool is_sync)
{
    if (!armed || is_sync != (armed_kind == FAULT_SYNC) || --left > 0)
        return false;
    fired = true;
    return true;
}

static int write_file(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
    sqlite3_file *real = real_of(file);
    if (!strikes(false))
        return real->pMethods->xWrite(real, data, size, offset);
    if (armed_kind == FAULT_WRITE_FULL)
        return SQLITE_FULL;
    (void)real->pMethods->xWrite(real, data, size / 2, offset);
    return SQLITE_IOERR_WRITE;
}

static int sync_file(sqlite3_file *file, int flags)
{
    sqlite3_file *real = real_of(file);
    syncs++;
    return strikes(true) ? SQLITE_IOERR_FSYNC : real->pMethods->xSync(real, flags);
}

static int close_file(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int read_file(sqlite3_file *file, void *data, int size, sqlite3_int64 offset)
{
    return real_of(file)->pMethods->xRead(real_of(file), data, size, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int size_file(sqlite3_file *file, sqlite3_int64 *size_out)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size_out);
}

static int lock_file(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int unlock_file(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int check_lock(sqlite3_file *file, int *result_out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), result_out);
}

static int control_file(sqlite3_file *file, int operation, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int sector_size(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int map_shm(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}

static int lock_shm(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void barrier_shm(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int unmap_shm(sqlite3_file *file, int delete_it)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), delete_it);
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
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shm,
    .xShmLock = lock_shm,
    .xShmBarrier = barrier_shm,
    .xShmUnmap = unmap_shm,
};

static int open_file(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags,
                     int *flags_out)
{
    (void)self;
    memset(file, 0, sizeof(struct fault_file));
    int code = real_vfs->xOpen(real_vfs, name, real_of(file), flags, flags_out);
    file->pMethods = real_of(file)->pMethods ? &METHODS : NULL;
    return code;
}

void fault_vfs_install(void)
{
    real_vfs = sqlite3_vfs_find(NULL);
    assert_non_null(real_vfs);
    vfs = *real_vfs;
    vfs.zName = "fault";
    vfs.szOsFile = (int)sizeof(struct fault_file) + real_vfs->szOsFile;
    vfs.xOpen = open_file;
    assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

void fault_vfs_arm(enum fault_kind kind, int n)
{
    armed = true;
    fired = false;
    armed_kind = kind;
    left = n;
}

void fault_vfs_heal(void)
{
    armed = false;
}

bool fault_vfs_has_fired(void)
{
    return fired;
}

int fault_vfs_take_syncs(void)
{
    int taken = syncs;
    syncs = 0;
    return taken;
}
