package io.headgate.gateway.http;

import io.headgate.gateway.coding.ContentCoding;
import io.headgate.schema.BodyForm;

/**
 * What a request's headers say of its body.
 *
 * @param form how it holds its records
 * @param coding what is to be undone first
 */
record BodyKind(BodyForm form, ContentCoding coding) {
    static final BodyKind PLAIN_JSON = new BodyKind(BodyForm.JSON, ContentCoding.IDENTITY);
}
