package io.headgate.gateway;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How the files that this process may open are shared out. */
public final class FileHandles {
    /** About a hundred are open at rest; the others are for segments, data files and operators. */
    public static final int KEPT = 256;

    private FileHandles() {}

    /** How many files this process may have open. */
    public static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /** As many connections as leave the process file handles for everything else. */
    static int connections(int wanted, long limit) {
        return (int) Math.max(1, Math.min(wanted, limit - KEPT));
    }
}
