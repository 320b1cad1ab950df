package io.headgate.gateway.cli;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads columns as SQL writes them.
 *
 * <pre>
 *   columns := column { ',' column }
 *   column  := name type [ 'NOT' 'NULL' | 'NULL' ]
 *   name    := word | '`' any '`'        a backtick within is doubled
 * </pre>
 *
 * Words that are not names are read in any case.
 */
final class ColumnList {
    private static final Pattern TOKEN = Pattern.compile("`((?:[^`]|``)*)`|[\\p{L}_][\\p{L}\\p{N}_]*|\\S");
    /** What Delta allows in no column name unless columns are mapped (Delta protocol, "Column Mapping"). */
    private static final Pattern FORBIDDEN = Pattern.compile("[ ,;{}()\\n\\t=]");

    private static final Map<String, ColumnType> TYPES = types();

    private final List<String> tokens = new ArrayList<>();
    private int next;

    private ColumnList(String text) {
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
    }

    /** @throws IllegalArgumentException saying what is wrong, fit for the user */
    static List<Column> parse(String text) {
        return new ColumnList(text).columns();
    }

    private static Map<String, ColumnType> types() {
        Map<String, ColumnType> types = new TreeMap<>();
        types.put("STRING", ColumnType.STRING);
        types.put("BOOLEAN", ColumnType.BOOLEAN);
        types.put("TINYINT", ColumnType.BYTE);
        types.put("SMALLINT", ColumnType.SHORT);
        types.put("INT", ColumnType.INTEGER);
        types.put("INTEGER", ColumnType.INTEGER);
        types.put("BIGINT", ColumnType.LONG);
        types.put("LONG", ColumnType.LONG);
        types.put("FLOAT", ColumnType.FLOAT);
        types.put("REAL", ColumnType.FLOAT);
        types.put("DOUBLE", ColumnType.DOUBLE);
        types.put("DATE", ColumnType.DATE);
        types.put("TIMESTAMP", ColumnType.TIMESTAMP);
        types.put("TIMESTAMP_NTZ", ColumnType.TIMESTAMP_NTZ);
        return types;
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        do {
            Column column = column();
            // Delta takes names that differ only in case for the same.
            if (!names.add(column.name().toLowerCase(Locale.ROOT))) {
                throw wrong("column " + column.name() + " is given twice");
            }
            columns.add(column);
        } while (accept(","));
        if (next < tokens.size()) {
            throw wrong("'" + tokens.get(next) + "' where a comma, NOT NULL or the end was expected");
        }
        return columns;
    }

    private Column column() {
        String name = name(take("a column's name"));
        String type = take("the type of column " + name);
        ColumnType known = TYPES.get(type.toUpperCase(Locale.ROOT));
        if (known == null) {
            throw wrong("column " + name + " has type '" + type + "', which is none of "
                    + String.join(", ", TYPES.keySet()));
        }
        return new Column(name, known, nullable(name));
    }

    private boolean nullable(String name) {
        if (accept("NOT")) {
            if (!accept("NULL")) {
                throw wrong("NOT without NULL at column " + name);
            }
            return false;
        }
        accept("NULL");
        return true;
    }

    private static String name(String token) {
        boolean quoted = token.length() > 1 && token.startsWith("`");
        String name = quoted ? token.substring(1, token.length() - 1).replace("``", "`") : token;
        if (name.isEmpty() || FORBIDDEN.matcher(name).find()) {
            throw wrong("column name '" + name + "' is empty or contains one of: space , ; { } ( ) = tab, line break");
        }
        if (!quoted && !Character.isLetter(name.charAt(0)) && name.charAt(0) != '_') {
            throw wrong("'" + name + "' where a column's name was expected: put unusual names between backticks");
        }
        return name;
    }

    private String take(String what) {
        String token = peek();
        if (token == null || token.equals(",")) {
            throw wrong(what + " is missing");
        }
        next++;
        return token;
    }

    private boolean accept(String word) {
        String token = peek();
        boolean accepted = token != null && token.equalsIgnoreCase(word);
        if (accepted) {
            next++;
        }
        return accepted;
    }

    private @Nullable String peek() {
        return next < tokens.size() ? tokens.get(next) : null;
    }

    private static IllegalArgumentException wrong(String problem) {
        return new IllegalArgumentException(
                problem + ". Columns are written like 'device_id STRING NOT NULL, ts TIMESTAMP, temp DOUBLE'.");
    }
}
