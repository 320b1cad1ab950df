package io.headgate.gateway.doctor;

import io.headgate.delta.parquet.NativeCompression;

/** The native library that compresses data files; there is no other way. */
final class CompressionCheck implements Check {
    private final Runnable load;

    CompressionCheck() {
        this(NativeCompression::load);
    }

    /** @param load loads the library or fails */
    CompressionCheck(Runnable load) {
        this.load = load;
    }

    @Override
    public String name() {
        return "compression";
    }

    @Override
    public Finding examine() {
        try {
            load.run();
            return Finding.ok("zstd loads");
        } catch (RuntimeException | LinkageError e) {
            return Finding.fail(
                    "zstd does not load, so no row can be committed: " + e,
                    "Let java.io.tmpdir name a directory that libraries may be loaded from (not mounted noexec), on a"
                            + " platform that zstd-jni has a library for.");
        }
    }
}
