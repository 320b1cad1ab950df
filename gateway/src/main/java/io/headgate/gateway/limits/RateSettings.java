package io.headgate.gateway.limits;

import io.headgate.model.TableName;
import java.util.Map;

/**
 * Who may send how much.
 *
 * @param subject each subject, over all tables
 * @param table each table, over all subjects
 * @param total all together
 * @param tables of single tables, instead of {@code table}
 * @param maxSubjects how many subjects are told apart at one time, 1 or more; takes 24 to 48 bytes each
 */
public record RateSettings(Rates subject, Rates table, Rates total, Map<TableName, Rates> tables, int maxSubjects) {
    /** Nothing is bounded. */
    public static final RateSettings NONE =
            new RateSettings(Rates.UNBOUNDED, Rates.UNBOUNDED, Rates.UNBOUNDED, Map.of(), 1);

    public RateSettings {
        tables = Map.copyOf(tables);
    }
}
