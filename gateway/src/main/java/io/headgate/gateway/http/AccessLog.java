package io.headgate.gateway.http;

/** Told of each request once it is over. Called on event loops: returns at once, whatever becomes of its output. */
public interface AccessLog {
    /** Takes no notice. */
    AccessLog NONE = new AccessLog() {
        @Override
        public boolean wants(int status) {
            return false;
        }

        @Override
        public void record(Access access) {}
    };

    /** Whether requests that ended with {@code status} are to be recorded; asked before an {@link Access} is made. */
    boolean wants(int status);

    /** Takes note of a request. */
    void record(Access access);
}
