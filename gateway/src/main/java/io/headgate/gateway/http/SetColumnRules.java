package io.headgate.gateway.http;

import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.headgate.schema.ServerColumns;
import io.headgate.schema.SetColumn;
import io.headgate.schema.TableSchema;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the configuration has the gateway write into tables' columns, held against what the tables are. Any thread. */
public final class SetColumnRules {
    private static final Logger LOG = LoggerFactory.getLogger(SetColumnRules.class);

    private final Map<TableName, Map<String, SetColumn>> rules;

    /** The versions that the operator was told of, of configured tables alone. */
    private final Map<TableName, TableSchema> unfit = new ConcurrentHashMap<>();

    /** @param rules by table and exact name of the column */
    public SetColumnRules(Map<TableName, Map<String, SetColumn>> rules) {
        this.rules = Map.copyOf(rules);
    }

    /**
     * @throws RefusedException NOT_IMPLEMENTED if the table does not fit the configuration; told to the operator once for
     *     each version of its schema
     */
    TableColumns columnsOf(TableSchema schema) {
        Map<String, SetColumn> set = rules.get(schema.name());
        try {
            return new TableColumns(schema, set == null ? ServerColumns.NONE : ServerColumns.of(schema, set));
        } catch (RefusedException e) {
            if (!schema.equals(unfit.put(schema.name(), schema))) {
                LOG.warn("{}", e.refusal().message());
            }
            throw e;
        }
    }
}
