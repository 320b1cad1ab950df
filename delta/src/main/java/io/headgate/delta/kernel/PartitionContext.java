package io.headgate.delta.kernel;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.DataWriteContextImpl;
import io.delta.kernel.types.StringType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Kernel makes {@code add.partitionValues} of, whose text is ours. From typed values Kernel would make its own, which
 * differs from Spark's for an empty string and is wrong for years before 1.
 */
public final class PartitionContext {
    private PartitionContext() {}

    /** The context for files with these partition values, as they are to be in the log; null is NULL. */
    public static DataWriteContext of(Map<String, @Nullable String> partition) {
        Map<String, Literal> values = new HashMap<>();
        partition.forEach((column, value) ->
                values.put(column, value == null ? Literal.ofNull(StringType.STRING) : Literal.ofString(value)));
        return new DataWriteContextImpl(
                "", values, List.of()); // who asks for neither directory nor statistics gets none
    }
}
