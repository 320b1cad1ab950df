package io.headgate.gateway.http;

import io.headgate.model.TableName;
import io.headgate.schema.DecodeLimits;
import io.headgate.schema.PlausibleTimes;
import io.headgate.schema.RowDecoder;
import io.headgate.schema.TableSchema;
import java.util.Map;

/**
 * How bodies are decoded.
 *
 * @param limits bounds what one body turns into
 * @param plausibleTimes the times that tables take, of those that do not take all
 */
public record DecodeSettings(DecodeLimits limits, Map<TableName, PlausibleTimes> plausibleTimes) {
    public DecodeSettings {
        plausibleTimes = Map.copyOf(plausibleTimes);
    }

    /** A decoder of one version of a table. */
    RowDecoder decoder(TableSchema schema) {
        return new RowDecoder(schema, limits, plausibleTimes.getOrDefault(schema.name(), PlausibleTimes.ALL));
    }
}
