package io.headgate.gateway.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The order of the requests of one connection whose bodies are complete: those of one caller are expanded, decoded and
 * appended one after another, as they came, and never more than one of them occupies a thread. Callers that share a
 * connection, as they do behind a proxy, do not wait for each other. Only HTTP/2 has more than one request under way on a
 * connection; there are no more of them than it may have streams. Confined to the connection's event loop.
 */
final class Turns {
    /** A request. */
    interface Turn {
        /** Whose request it is. */
        String subject();

        /** It is its turn, until it {@linkplain Turns#leave leaves}. */
        void begin();
    }

    private final Map<String, Deque<Turn>> waiting = new HashMap<>();

    /** Has {@code turn} begin, now or once those before it have left. */
    void enter(Turn turn) {
        Deque<Turn> ofSubject = waiting.computeIfAbsent(turn.subject(), subject -> new ArrayDeque<>(2));
        ofSubject.addLast(turn);
        if (ofSubject.peekFirst() == turn) {
            turn.begin();
        }
    }

    /**
     * Lets the next one begin, in a task of its own since there may be many. Does nothing if it is not the turn of {@code
     * turn}.
     */
    void leave(Turn turn, Executor loop) {
        Deque<Turn> ofSubject = waiting.get(turn.subject());
        if (ofSubject == null || ofSubject.peekFirst() != turn) {
            return;
        }
        ofSubject.removeFirst();
        if (ofSubject.isEmpty()) {
            waiting.remove(turn.subject());
        } else {
            loop.execute(ofSubject.element()::begin);
        }
    }
}
