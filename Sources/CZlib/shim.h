// The compressor of gzip, RFC 1952.
#include <zlib.h>

// `deflateInit2` is a macro, which Swift does not see.
static inline int linlian_gzip_begin(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
