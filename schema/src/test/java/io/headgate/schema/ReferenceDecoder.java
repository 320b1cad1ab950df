package io.headgate.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.headgate.model.Excerpt;
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
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

    /**
     * What is to become of a body.
     *
     * @param records each as a row, or null where it has problems; null if the body as a whole is refused
     * @param nodes each as it was sent
     * @param problems each as the record's index and the path, in no particular order
     */
    record Outcome(@Nullable List<@Nullable List<Object>> records, List<JsonNode> nodes, List<String> problems) {
        private static final Outcome BROKEN = new Outcome(null, List.of(), List.of());
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

    private static final Pattern BASE64 = Pattern.compile("([A-Za-z0-9+/]*|[A-Za-z0-9_-]*)(={0,2})");
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final List<Column> columns;
    private final List<String> problems = new ArrayList<>();
    private int record;

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
                return Outcome.BROKEN;
            }
            top = MAPPER.readTree(text);
        } catch (CharacterCodingException | JsonProcessingException e) {
            return Outcome.BROKEN;
        }
        if (!top.isArray() && !top.isObject()) {
            return Outcome.BROKEN;
        }
        List<@Nullable List<Object>> records = new ArrayList<>();
        List<JsonNode> nodes = new ArrayList<>();
        for (JsonNode node : top.isArray() ? top : List.of(top)) {
            record = nodes.size();
            int before = problems.size();
            List<Object> row = List.of();
            if (node.isObject()) {
                row = struct(columns, node, "$");
            } else {
                problem("$");
            }
            records.add(problems.size() == before ? row : null);
            nodes.add(node);
        }
        return new Outcome(records, nodes, problems);
    }

    /** A JSON text as a tree. */
    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private void problem(String path) {
        problems.add(record + " " + path);
    }

    private static String child(String path, String name) {
        return PLAIN_NAME.matcher(name).matches() ? path + "." + name : path + "['" + name + "']";
    }

    private List<Object> struct(List<Column> fields, JsonNode node, String path) {
        Object[] values = new Object[fields.size()];
        Arrays.fill(values, Rows.NULL);
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            int index = 0;
            while (index < values.length && !fields.get(index).name().equals(property.getKey())) {
                index++;
            }
            if (index == values.length) {
                problem(child(path, Excerpt.of(property.getKey())));
            } else {
                Column field = fields.get(index);
                values[index] = any(field.type(), field.nullable(), property.getValue(), child(path, field.name()));
            }
        }
        for (Column field : fields) {
            if (!field.nullable() && !node.has(field.name())) {
                problem(child(path, field.name()));
            }
        }
        return Arrays.asList(values);
    }

    private Object any(ColumnType type, boolean nullable, JsonNode node, String path) {
        boolean fits = node.isNull() ? nullable : !ColumnType.isNested(type) || node.isArray() == isArray(type);
        fits &= node.isNull() || !ColumnType.isNested(type) || node.isContainerNode();
        if (!fits) {
            problem(path);
            return Rows.NULL;
        }
        if (node.isNull()) {
            return Rows.NULL;
        }
        return switch (type.kind()) {
            case STRUCT -> struct(((ColumnType.Struct) type).fields(), node, path);
            case ARRAY -> array((ColumnType.Array) type, node, path);
            case MAP -> map((ColumnType.Map) type, node, path);
            default -> {
                try {
                    yield value(type, node);
                } catch (NotTaken e) {
                    problem(path);
                    yield Rows.NULL;
                }
            }
        };
    }

    private static boolean isArray(ColumnType type) {
        return type.kind() == ColumnType.Kind.ARRAY;
    }

    private List<Object> array(ColumnType.Array type, JsonNode node, String path) {
        List<Object> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(any(type.element(), type.containsNull(), element, path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    private List<Object> map(ColumnType.Map type, JsonNode node, String path) {
        List<Object> entries = new ArrayList<>();
        Set<Object> keys = new HashSet<>();
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            String at = path + "['" + Excerpt.of(property.getKey()) + "']";
            try {
                Object key = key(type.key(), property.getKey());
                require(keys.add(key));
                entries.add(Map.entry(key, any(type.value(), type.valueContainsNull(), property.getValue(), at)));
            } catch (NotTaken e) {
                problem(at);
            }
        }
        return entries;
    }

    private static Object key(ColumnType type, String name) throws NotTaken {
        if (type == ColumnType.BOOLEAN) {
            require(name.equals("true") || name.equals("false"));
            return name.equals("true");
        }
        return value(type, TextNode.valueOf(name));
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
            case BINARY -> binary(string(node));
            case DECIMAL -> decimal((ColumnType.Decimal) type, node);
            case CHAR -> {
                int length = ((ColumnType.Char) type).length();
                String text = cut(string(node), length);
                yield text + " ".repeat(length - text.codePointCount(0, text.length()));
            }
            case VARCHAR -> cut(string(node), ((ColumnType.Varchar) type).length());
            case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.sqlName());
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

    private static String cut(String text, int length) throws NotTaken {
        String fitting = text;
        while (fitting.endsWith(" ") && fitting.codePointCount(0, fitting.length()) > length) {
            fitting = fitting.substring(0, fitting.length() - 1);
        }
        require(fitting.codePointCount(0, fitting.length()) <= length);
        return fitting;
    }

    private static ByteBuffer binary(String text) throws NotTaken {
        Matcher base64 = BASE64.matcher(text);
        require(base64.matches() && (base64.group(2).isEmpty() || text.length() % 4 == 0));
        String standard = base64.group(1).replace('-', '+').replace('_', '/');
        require(standard.length() % 4 != 1);
        byte[] bytes = Base64.getDecoder().decode(standard);
        require(Base64.getEncoder().withoutPadding().encodeToString(bytes).equals(standard));
        return ByteBuffer.wrap(bytes);
    }

    private static BigDecimal decimal(ColumnType.Decimal type, JsonNode node) throws NotTaken {
        require(node.isNumber()
                || (node.isTextual() && DECIMAL.matcher(node.textValue()).matches()));
        BigDecimal value = decimal(node);
        require(value.signum() == 0 || Math.abs(value.precision() - (long) value.scale()) < 100);
        BigDecimal stripped = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        require(stripped.scale() <= type.scale());
        BigDecimal scaled = stripped.setScale(type.scale());
        require(scaled.precision() <= type.precision());
        return scaled;
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
