// Memory for the browser build: what Embedded Swift asks of a C library, and no more.
//
// Blocks have sizes of powers of two; a freed block goes onto the list of its size and is the first to be used again.
// So a page that checks one receipt after another settles at a size and stays there.
#include <stddef.h>
#include <stdint.h>

enum { header_size = 16, smallest_class = 5, class_count = 32, page_size = 65536 };

struct block {
    uint32_t size_class;
    struct block *next;
};

extern unsigned char __heap_base;

static struct block *free_lists[class_count];
static uintptr_t next_byte;

static void *allocate(size_t size) {
    if (size > 0x40000000) return NULL;
    size_t needed = size + header_size;
    uint32_t size_class = smallest_class;
    while (((size_t)1 << size_class) < needed) size_class++;
    struct block *block = free_lists[size_class];
    if (block) {
        free_lists[size_class] = block->next;
    } else {
        if (next_byte == 0) next_byte = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
        uint64_t end = (uint64_t)next_byte + ((uint64_t)1 << size_class);
        uint64_t held = (uint64_t)__builtin_wasm_memory_size(0) * page_size;
        if (end > held) {
            size_t pages = (size_t)((end - held + page_size - 1) / page_size);
            if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return NULL;
        }
        block = (struct block *)next_byte;
        next_byte = (uintptr_t)end;
        block->size_class = size_class;
    }
    return (unsigned char *)block + header_size;
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment > header_size) return 22;
    *result = allocate(size);
    return *result ? 0 : 12;
}

void free(void *pointer) {
    if (!pointer) return;
    struct block *block = (struct block *)((unsigned char *)pointer - header_size);
    block->next = free_lists[block->size_class];
    free_lists[block->size_class] = block;
}

void *memcpy(void *target, const void *source, size_t count) { return __builtin_memcpy(target, source, count); }
void *memmove(void *target, const void *source, size_t count) { return __builtin_memmove(target, source, count); }
void *memset(void *target, int byte, size_t count) { return __builtin_memset(target, byte, count); }

int memcmp(const void *left, const void *right, size_t count) {
    const unsigned char *a = left, *b = right;
    for (size_t i = 0; i < count; i++)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}
