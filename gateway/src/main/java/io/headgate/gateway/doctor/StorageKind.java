package io.headgate.gateway.doctor;

import java.util.Locale;
import java.util.Set;

/** What the log can rely on, by the type of its file system as the operating system names it. */
enum StorageKind {
    /** Bytes are overwritten where they are, so a preallocated file never runs out of space. */
    IN_PLACE,
    /** Overwriting needs new space: a full disk is met in the middle of a preallocated file. */
    COPY_ON_WRITE,
    /** Goes with the container. */
    CONTAINER_LAYER,
    /** Goes with the power. */
    MEMORY,
    /** What a force means is up to a server. */
    REMOTE,
    UNKNOWN;

    private static final Set<String> IN_PLACE_TYPES = Set.of("ext2", "ext3", "ext4", "xfs", "jfs", "hfs", "ufs");
    private static final Set<String> COPY_ON_WRITE_TYPES = Set.of("btrfs", "zfs", "bcachefs", "apfs", "f2fs", "nilfs2");
    private static final Set<String> LAYER_TYPES = Set.of("overlay", "aufs");
    private static final Set<String> MEMORY_TYPES = Set.of("tmpfs", "ramfs", "devtmpfs");
    private static final Set<String> REMOTE_TYPES = Set.of(
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "ceph", "glusterfs", "lustre", "afs", "vboxsf");

    static StorageKind of(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        if (IN_PLACE_TYPES.contains(lower)) {
            return IN_PLACE;
        }
        if (COPY_ON_WRITE_TYPES.contains(lower)) {
            return COPY_ON_WRITE;
        }
        if (LAYER_TYPES.contains(lower)) {
            return CONTAINER_LAYER;
        }
        if (MEMORY_TYPES.contains(lower)) {
            return MEMORY;
        }
        return REMOTE_TYPES.contains(lower) || lower.startsWith("fuse") ? REMOTE : UNKNOWN;
    }
}
