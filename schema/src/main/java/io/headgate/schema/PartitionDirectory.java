package io.headgate.schema;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the directories of a partitioned table are called: {@code country=NL}, as in Hive, with those characters escaped
 * that Spark escapes. Readers of Delta tables do not look at it; people do, and tools that read directories.
 */
final class PartitionDirectory {
    /** What stands for NULL. */
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    private static final String ESCAPED = "\"#%'*/:=?\\{[]^\u007F";
    private static final int CONTROL_MAX = 0x1F;
    private static final int ASCII_MAX = 0x7F;

    /** What Linux and macOS let a name have. */
    private static final int NAME_BYTES_MAX = 255;

    /** What the JVM encodes names of files in: by the locale, so nothing but ASCII where none is set. */
    private static final Charset FILE_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private PartitionDirectory() {}

    static String name(String column, @Nullable String value) {
        return name(column, value, FILE_NAMES);
    }

    /** @param names what names of files are encoded in; of what that lacks, the bytes of UTF-8 are escaped */
    static String name(String column, @Nullable String value, Charset names) {
        String name = escape(column) + '=' + (value == null ? NULL : escape(value));
        return names.newEncoder().canEncode(name) ? name : escapeBeyondAscii(name);
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= CONTROL_MAX || ESCAPED.indexOf(c) >= 0) {
                escaped.append(hex(c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static String escapeBeyondAscii(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int unsigned = Byte.toUnsignedInt(b);
            if (unsigned <= ASCII_MAX) {
                escaped.append((char) unsigned);
            } else {
                escaped.append(hex(unsigned));
            }
        }
        return escaped.toString();
    }

    private static String hex(int value) {
        return String.format(Locale.ROOT, "%%%02X", value);
    }

    /**
     * Why there can be no directory for a value; null if there can. Spark, which finds values in the names of directories as
     * it writes, could not rewrite the rows, or would lose the value.
     */
    static @Nullable String unfit(String column, String value) {
        if (value.equals(NULL)) {
            return "is what the directory of a partition with NULL is called, and would become NULL";
        }
        if (value.indexOf('\0') >= 0) {
            return "holds a NUL, which the directory of a partition cannot have in its name";
        }
        boolean fits =
                value.length() <= NAME_BYTES_MAX && name(column, value).getBytes(FILE_NAMES).length <= NAME_BYTES_MAX;
        return fits
                ? null
                : "is too long for a partition column: with the column's name, and with special characters as three,"
                        + " it has more than the " + NAME_BYTES_MAX + " bytes that a directory's name may have";
    }
}
