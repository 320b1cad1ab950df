package io.headgate.schema;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;

/**
 * A record has a field that is no column, or no field of its struct, in the schema it was decoded by; the table may have got
 * one since.
 */
public final class UnknownFieldException extends RefusedException {
    UnknownFieldException(Refusal refusal) {
        super(refusal);
    }
}
