package io.headgate.auth;

import com.nimbusds.jose.util.JSONArrayUtils;
import io.headgate.model.Excerpt;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What a client asks for in the parameter {@code authorization_details} (RFC 9396, 2), held against what it may have: on
 * each of its tables SELECT and MODIFY, and USE of the catalogs and schemas around them. It gets all that it asks for, or
 * nothing. What is pinned for the client is pinned in each of its tokens; it may ask for more of that, as for less of
 * everything else. Fields that we do not know are left out of the token rather than refused, though RFC 9396 (5) would
 * have them refused: newer clients send more of them.
 */
final class RequestedDetails {
    static final int ENTRIES_MAX = 256;

    private static final String OPERATIONS = "operations";
    private static final Set<String> OPERATIONS_HELD = Set.of("zerobuswrite");

    private final Set<TableName> held;
    private final Set<String> pins;

    private RequestedDetails(ServicePrincipal client) {
        this.held = client.tables();
        this.pins = client.pins();
    }

    /**
     * @param json the parameter's value
     * @param client who asks
     * @return the entries that the token is to carry
     * @throws TokenRefusedException INVALID_AUTHORIZATION_DETAILS or NOT_AUTHORIZED
     */
    static List<Map<String, Object>> granted(String json, ServicePrincipal client) {
        List<Object> entries = parse(json);
        RequestedDetails against = new RequestedDetails(client);
        Set<Map<String, Object>> granted = new LinkedHashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            granted.add(against.granted(i, entries.get(i)));
        }
        return new ArrayList<>(granted);
    }

    private static List<Object> parse(String json) {
        List<Object> entries;
        try {
            entries = JSONArrayUtils.parse(json);
        } catch (ParseException e) {
            throw malformed("is not a JSON array, or is nested too deeply");
        }
        if (entries == null || entries.isEmpty()) {
            throw malformed("asks for nothing");
        }
        if (entries.size() > ENTRIES_MAX) {
            throw malformed("has " + entries.size() + " entries, more than " + ENTRIES_MAX);
        }
        return entries;
    }

    private Map<String, Object> granted(int index, Object requested) {
        if (!(requested instanceof Map<?, ?> entry)) {
            throw malformed("at [" + index + "] is not an object");
        }
        String type = text(index, entry, "type");
        if (!type.equals(AuthorizationDetails.TYPE)) {
            throw malformed("at [" + index + "] has the type '" + Excerpt.of(type) + "', which is not known here");
        }
        String objectType = text(index, entry, "object_type");
        String path = text(index, entry, "object_full_path");
        Set<String> privileges = texts(index, entry, "privileges");
        Set<String> operations = entry.get(OPERATIONS) == null ? Set.of() : texts(index, entry, OPERATIONS);
        Set<String> pinned = new LinkedHashSet<>(pins);
        if (entry.containsKey(AuthorizationDetails.PINNED_COLUMNS)) {
            pinned.addAll(TableGrants.names(entry.get(AuthorizationDetails.PINNED_COLUMNS))
                    .orElseThrow(() -> malformed("at [" + index + "] has no array of texts in '"
                            + AuthorizationDetails.PINNED_COLUMNS + "'")));
        }
        if (!holds(objectType, path, privileges) || !OPERATIONS_HELD.containsAll(operations)) {
            throw TokenErrors.notAuthorized(objectType, path).asException();
        }
        Map<String, Object> granted = entry(objectType, path, privileges, operations);
        if (objectType.equals("TABLE")) {
            AuthorizationDetails.pin(granted, pinned);
        }
        return granted;
    }

    private boolean holds(String objectType, String path, Set<String> privileges) {
        return switch (objectType) {
            case "TABLE" -> Set.of("SELECT", "MODIFY").containsAll(privileges) && holdsTable(path);
            case "SCHEMA" ->
                Set.of("USE SCHEMA").containsAll(privileges)
                        && holdsAny(path, table -> table.catalog() + "." + table.schema());
            case "CATALOG" -> Set.of("USE CATALOG").containsAll(privileges) && holdsAny(path, TableName::catalog);
            default -> false;
        };
    }

    /** A name that no table can have is nobody's. */
    private boolean holdsTable(String path) {
        try {
            return held.contains(TableName.parse(path));
        } catch (RefusedException noName) {
            return false;
        }
    }

    private boolean holdsAny(String path, Function<TableName, String> part) {
        return held.stream().anyMatch(table -> part.apply(table).equalsIgnoreCase(path));
    }

    private static Map<String, Object> entry(
            String objectType, String path, Set<String> privileges, Set<String> operations) {
        Map<String, Object> entry =
                AuthorizationDetails.entry(objectType, path.toLowerCase(Locale.ROOT), List.copyOf(privileges));
        if (!operations.isEmpty()) {
            entry.put(OPERATIONS, List.copyOf(operations));
        }
        return entry;
    }

    private static String text(int index, Map<?, ?> entry, String field) {
        if (entry.get(field) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw malformed("at [" + index + "] has no text in '" + field + "'");
    }

    private static Set<String> texts(int index, Map<?, ?> entry, String field) {
        Set<String> texts = new LinkedHashSet<>();
        if (entry.get(field) instanceof List<?> values) {
            for (Object value : values) {
                texts.add(value instanceof String text ? text : "");
            }
        }
        if (texts.isEmpty() || texts.contains("")) {
            throw malformed("at [" + index + "] has no array of texts in '" + field + "'");
        }
        return texts;
    }

    private static TokenRefusedException malformed(String what) {
        return TokenErrors.detailsMalformed(what).asException();
    }
}
