package io.headgate.gateway.http;

import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.util.HashMap;
import java.util.Map;

/** Remembers which table a path names, as fleets send to the same few paths all day. One thread. */
final class TablePaths {
    private static final int PATHS_MAX = 1_000;

    private final int prefixLength;
    private final int suffixLength;
    private final Map<String, TableName> known = new HashMap<>();

    TablePaths(String prefix, String suffix) {
        this.prefixLength = prefix.length();
        this.suffixLength = suffix.length();
    }

    /** @throws RefusedException INVALID_PARAMETER if the segment between prefix and suffix does not name a table */
    TableName tableOf(String path) {
        TableName name = known.get(path);
        return name != null ? name : parse(path);
    }

    private TableName parse(String path) {
        TableName name = TableSegment.parse(path.substring(prefixLength, path.length() - suffixLength));
        if (known.size() >= PATHS_MAX) {
            known.clear();
        }
        known.put(path, name);
        return name;
    }
}
