package io.headgate.schema;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.charset.StandardCharsets;

/** The values of {@link ServerValue} for one request. Immutable. */
public final class RequestValues {
    /** For rows of which the gateway writes nothing. */
    public static final RequestValues NONE = new RequestValues(0, "", "");

    private static final long MICROS_PER_MILLI = 1_000;

    private final long receiveTimeMicros;
    private final String subjectText;
    private final byte[] subject;
    private final byte[] requestId;

    private RequestValues(long receiveTimeMicros, String subject, String requestId) {
        this.receiveTimeMicros = receiveTimeMicros;
        this.subjectText = subject;
        this.subject = subject.getBytes(StandardCharsets.UTF_8);
        this.requestId = requestId.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param receiveTimeMillis as in the log's entry, milliseconds since 1970-01-01T00:00:00Z
     * @param subject as in the caller's token
     * @param requestId as in the answer
     * @throws RefusedException PERMISSION_DENIED if the subject has no UTF-8: it would be stored as another
     */
    public static RequestValues of(long receiveTimeMillis, String subject, String requestId) {
        if (Utf8.length(subject.toCharArray(), 0, subject.length()) < 0) {
            throw Refusal.of(
                            Refusal.Code.PERMISSION_DENIED,
                            "The token's subject holds half of a surrogate pair, which no column can hold: get a token"
                                    + " for another subject.")
                    .asException();
        }
        return new RequestValues(receiveTimeMillis * MICROS_PER_MILLI, subject, requestId);
    }

    long receiveTimeMicros() {
        return receiveTimeMicros;
    }

    String subjectText() {
        return subjectText;
    }

    byte[] subject() {
        return subject;
    }

    byte[] requestId() {
        return requestId;
    }
}
