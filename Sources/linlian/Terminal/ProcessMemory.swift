import CMalloc

/// How this process gets its memory from the system.
enum ProcessMemory {
    /// Keeps freed memory for the next block instead of giving it back and asking again: worth a thirtieth of the
    /// ingest, measured with `linlian bench ingest`. A node that has been busy stays at most 128 MB larger.
    static func keepForReuse() {
        mallopt(M_TRIM_THRESHOLD, 128 << 20)
        mallopt(M_TOP_PAD, 16 << 20)
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
    }
}
