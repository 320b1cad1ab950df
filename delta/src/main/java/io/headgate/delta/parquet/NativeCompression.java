package io.headgate.delta.parquet;

import com.github.luben.zstd.util.Native;

/** The native library behind the compression of data files. */
public final class NativeCompression {
    private NativeCompression() {}

    /** Loads it, unless it is loaded already; fails with a LinkageError or a RuntimeException. */
    public static void load() {
        Native.load();
    }
}
