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
 *   column  := name [ ':' ] type null
 *   type    := word
 *            | ( 'DECIMAL' | 'DEC' | 'NUMERIC' ) [ '(' number [ ',' number ] ')' ]    alone (10,0)
 *            | ( 'CHAR' | 'CHARACTER' | 'VARCHAR' ) '(' number ')'
 *            | 'ARRAY' '<' type null '>'
 *            | 'MAP' '<' type ',' type null '>'
 *            | 'STRUCT' '<' columns '>'
 *   null    := [ 'NOT' 'NULL' | 'NULL' ]
 *   name    := word | '`' any '`'        a backtick within is doubled
 * </pre>
 *
 * Words that are not names are read in any case.
 */
final class ColumnList {
    private static final Pattern TOKEN = Pattern.compile("`((?:[^`]|``)*)`|[\\p{L}_][\\p{L}\\p{N}_]*|[0-9]+|\\S");
    /** What Delta allows in no name of a column or field unless columns are mapped (Delta protocol, "Column Mapping"). */
    private static final Pattern FORBIDDEN = Pattern.compile("[ ,;{}()\\n\\t=]");

    private static final ColumnType.Decimal DECIMAL_DEFAULT = new ColumnType.Decimal(10, 0);
    private static final Map<String, TypeReader> TYPES = types();

    /** Reads what comes behind the first word of a type. */
    @FunctionalInterface
    private interface TypeReader {
        ColumnType read(ColumnList list);
    }

    private final List<String> tokens = new ArrayList<>();
    private int next;
    private int depth;

    private ColumnList(String text) {
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
    }

    /** @throws IllegalArgumentException saying what is wrong, fit for the user */
    static List<Column> parse(String text) {
        return new ColumnList(text).all();
    }

    private static Map<String, TypeReader> types() {
        Map<String, TypeReader> types = new TreeMap<>();
        for (ColumnType type : ColumnType.PLAIN) {
            types.put(type.sqlName(), list -> type);
        }
        types.put("INTEGER", list -> ColumnType.INTEGER);
        types.put("LONG", list -> ColumnType.LONG);
        types.put("REAL", list -> ColumnType.FLOAT);
        for (String decimal : List.of("DECIMAL", "DEC", "NUMERIC")) {
            types.put(decimal, ColumnList::decimal);
        }
        types.put("CHAR", list -> new ColumnType.Char(list.length("CHAR")));
        types.put("CHARACTER", list -> new ColumnType.Char(list.length("CHARACTER")));
        types.put("VARCHAR", list -> new ColumnType.Varchar(list.length("VARCHAR")));
        types.put("ARRAY", ColumnList::array);
        types.put("MAP", ColumnList::map);
        types.put("STRUCT", ColumnList::struct);
        return types;
    }

    private List<Column> all() {
        List<Column> columns = columns();
        if (next < tokens.size()) {
            throw wrong("'" + tokens.get(next) + "' where a comma, NOT NULL or the end was expected");
        }
        return columns;
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
        return columns;
    }

    private Column column() {
        String name = name(take("a column's name"));
        accept(":");
        return new Column(name, type("column " + name), nullable("column " + name));
    }

    private ColumnType type(String owner) {
        String type = take("the type of " + owner);
        TypeReader known = TYPES.get(type.toUpperCase(Locale.ROOT));
        if (known == null) {
            throw wrong(owner + " has type '" + type + "', which is none of " + String.join(", ", TYPES.keySet()));
        }
        return known.read(this);
    }

    private ColumnType decimal() {
        if (!accept("(")) {
            return DECIMAL_DEFAULT;
        }
        int precision = number("DECIMAL's precision");
        int scale = accept(",") ? number("DECIMAL's scale") : 0;
        expect(")", "DECIMAL");
        try {
            return new ColumnType.Decimal(precision, scale);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private int length(String type) {
        expect("(", type);
        int length = number(type + "'s length");
        expect(")", type);
        return length;
    }

    private ColumnType array() {
        begin("ARRAY");
        ColumnType element = type("an array's element");
        boolean nullable = nullable("an array's element");
        end("ARRAY");
        return new ColumnType.Array(element, nullable);
    }

    private ColumnType map() {
        begin("MAP");
        ColumnType key = type("a map's key");
        if (ColumnType.isNested(key)) {
            throw wrong("a map's key has type " + key.sqlName() + ", which names of JSON fields cannot be");
        }
        expect(",", "MAP");
        ColumnType value = type("a map's value");
        boolean nullable = nullable("a map's value");
        end("MAP");
        return new ColumnType.Map(key, value, nullable);
    }

    private ColumnType struct() {
        begin("STRUCT");
        List<Column> fields = columns();
        end("STRUCT");
        return new ColumnType.Struct(fields);
    }

    private void begin(String type) {
        expect("<", type);
        if (++depth > ColumnType.NESTING_MAX) {
            throw wrong("types are nested more than " + ColumnType.NESTING_MAX + " levels deep");
        }
    }

    private void end(String type) {
        expect(">", type);
        depth--;
    }

    private boolean nullable(String owner) {
        if (accept("NOT")) {
            if (!accept("NULL")) {
                throw wrong("NOT without NULL at " + owner);
            }
            return false;
        }
        accept("NULL");
        return true;
    }

    private int number(String what) {
        String token = take(what);
        try {
            return Integer.parseInt(token);
        } catch (NumberFormatException e) {
            throw wrong(what + " is '" + token + "', which is no whole number up to " + Integer.MAX_VALUE);
        }
    }

    private void expect(String token, String type) {
        if (!accept(token)) {
            String found = peek();
            throw wrong((found == null ? "the end" : "'" + found + "'") + " where " + type + " has a '" + token + "'");
        }
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
