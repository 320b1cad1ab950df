package io.headgate.delta.kernel;

import io.delta.kernel.internal.types.DataTypeJsonSerDe;
import io.delta.kernel.types.StructType;

/** Delta schema JSON as Kernel's types. */
public final class KernelSchema {
    private KernelSchema() {}

    /** Every type and all metadata; Kernel's public types would have to be put together one by one. */
    public static StructType of(String deltaSchemaJson) {
        return DataTypeJsonSerDe.deserializeStructType(deltaSchemaJson);
    }
}
