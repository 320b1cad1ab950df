package io.headgate.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the decoder is to do, done slowly and obviously: characters, a tree, BigDecimal, regular expressions, java.time.
 * Knows no limits but those of the values.
 */
final class ReferenceDecoder {
    /** Jackson looks at the low byte of each digit alone when it reads text: half a surrogate pair may pass for one. */
    private static final Pattern BAD_ESCAPE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u(?![0-9A-Fa-f]{4})");

    /** @param record whose record is refused, -1 if the body as a whole is */
    record Outcome(
            @Nullable List<List<Object>> rows,
            int record,
            @Nullable String field) {
        static Outcome refused(int record, @Nullable String field) {
            return new Outcome(null, record, field);
        }
    }

    private static final class NotTaken extends Exception {}

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern NOT_FINITE = Pattern.compile("(?i)([+-]?)(nan|inf|infinity)");
    private static final Pattern DATE = Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})");
    private static final Pattern TIME = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})"
            + "(?::([0-9]{2})(?:\\.([0-9]+))?)?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?");

    private final List<Column> columns;

    ReferenceDecoder(List<Column> columns) {
        this.columns = columns;
    }

    /** @throws NumberFormatException if a number's exponent is beyond even BigDecimal: then it cannot say */
    Outcome decode(byte[] body) {
        JsonNode top;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            if (BAD_ESCAPE.matcher(text).find()) {
                return Outcome.refused(-1, null);
            }
            top = MAPPER.readTree(text);
        } catch (CharacterCodingException | JsonProcessingException e) {
            return Outcome.refused(-1, null);
        }
        if (!top.isArray() && !top.isObject()) {
            return Outcome.refused(-1, null);
        }
        List<List<Object>> rows = new ArrayList<>();
        for (JsonNode node : top.isArray() ? top : List.of(top)) {
            if (!node.isObject()) {
                return Outcome.refused(rows.size(), null);
            }
            String[] field = new String[1];
            try {
                rows.add(row(node, field));
            } catch (NotTaken e) {
                return Outcome.refused(rows.size(), field[0]);
            }
        }
        return new Outcome(rows, -1, null);
    }

    private List<Object> row(JsonNode record, String[] current) throws NotTaken {
        Object[] row = new Object[columns.size()];
        Arrays.fill(row, Rows.NULL);
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            current[0] = field.getKey();
            int index = 0;
            while (index < row.length && !columns.get(index).name().equals(field.getKey())) {
                index++;
            }
            require(index < row.length);
            if (field.getValue().isNull()) {
                require(columns.get(index).nullable());
            } else {
                row[index] = value(columns.get(index).type(), field.getValue());
            }
        }
        for (Column column : columns) {
            current[0] = column.name();
            require(column.nullable() || record.has(column.name()));
        }
        return Arrays.asList(row);
    }

    private static Object value(ColumnType type, JsonNode node) throws NotTaken {
        return switch (type.kind()) {
            case STRING -> string(node);
            case BOOLEAN -> {
                require(node.isBoolean());
                yield node.booleanValue();
            }
            case BYTE -> (Object) (byte) whole(node, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SHORT -> (short) whole(node, Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> (int) whole(node, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> whole(node, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> {
                double value = floating(node);
                float narrow = Double.isFinite(value) ? decimal(node).floatValue() : (float) value;
                require(Float.isFinite(narrow) || !Double.isFinite(value));
                yield narrow;
            }
            case DOUBLE -> floating(node);
            case BINARY, DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT -> throw Supported.unreachable(type);
            case DATE -> days(node);
            case TIMESTAMP -> micros(node, true);
            case TIMESTAMP_NTZ -> micros(node, false);
        };
    }

    private static String string(JsonNode node) throws NotTaken {
        require(node.isTextual());
        require(StandardCharsets.UTF_8.newEncoder().canEncode(node.textValue()));
        return node.textValue();
    }

    private static long whole(JsonNode node, long min, long max) throws NotTaken {
        require(node.isNumber()
                || (node.isTextual() && WHOLE.matcher(node.textValue()).matches()));
        BigDecimal value = decimal(node);
        require(value.precision() - value.scale() < 100);
        BigDecimal stripped = value.stripTrailingZeros();
        require(stripped.scale() <= 0);
        BigInteger integer = stripped.toBigIntegerExact();
        require(integer.compareTo(BigInteger.valueOf(min)) >= 0 && integer.compareTo(BigInteger.valueOf(max)) <= 0);
        return integer.longValueExact();
    }

    private static double floating(JsonNode node) throws NotTaken {
        if (node.isTextual()) {
            Matcher special = NOT_FINITE.matcher(node.textValue());
            if (special.matches()) {
                boolean nan = special.group(2).equalsIgnoreCase("nan");
                double infinite = special.group(1).equals("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
                return nan ? Double.NaN : infinite;
            }
            require(DECIMAL.matcher(node.textValue()).matches());
        }
        require(node.isTextual() || node.isNumber());
        double value = decimal(node).doubleValue();
        require(Double.isFinite(value));
        return value;
    }

    private static BigDecimal decimal(JsonNode node) {
        return node.isTextual() ? new BigDecimal(node.textValue()) : node.decimalValue();
    }

    private static int days(JsonNode node) throws NotTaken {
        String text = node.isTextual() ? node.textValue() : "";
        if (!node.isTextual() || (WHOLE.matcher(text).matches() && text.length() != 8)) {
            return (int) whole(node, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        require(DATE.matcher(text).matches() && !text.startsWith("0000"));
        try {
            return (int) LocalDate.parse(text).toEpochDay();
        } catch (DateTimeException e) {
            throw new NotTaken();
        }
    }

    private static long micros(JsonNode node, boolean zoned) throws NotTaken {
        if (!node.isTextual() || WHOLE.matcher(node.textValue()).matches()) {
            return whole(node, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        Matcher time = TIME.matcher(node.textValue());
        require(time.matches() && !time.group(1).startsWith("0000") && zoned == (time.group(6) != null));
        String fraction = time.group(5) == null ? "" : time.group(5).replaceAll("0+$", "");
        require(fraction.length() <= 6);
        try {
            LocalDateTime local = LocalDate.parse(time.group(1))
                    .atTime(
                            Integer.parseInt(time.group(2)),
                            Integer.parseInt(time.group(3)),
                            time.group(4) == null ? 0 : Integer.parseInt(time.group(4)),
                            Integer.parseInt((fraction + "000000000").substring(0, 9)));
            ZoneOffset offset = zoned ? ZoneOffset.of(time.group(6).toUpperCase(Locale.ROOT)) : ZoneOffset.UTC;
            return ChronoUnit.MICROS.between(
                    LocalDateTime.of(1970, 1, 1, 0, 0).atOffset(ZoneOffset.UTC), local.atOffset(offset));
        } catch (DateTimeException e) {
            throw new NotTaken();
        }
    }

    private static void require(boolean met) throws NotTaken {
        if (!met) {
            throw new NotTaken();
        }
    }
}
