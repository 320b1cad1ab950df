package io.headgate.delta;

import io.delta.kernel.utils.CloseableIterator;
import java.util.Iterator;

/** Iterators as Kernel takes them. */
public final class Iterators {
    private Iterators() {}

    /** An iterator with nothing to close. */
    public static <T> CloseableIterator<T> closeable(Iterator<T> iterator) {
        return new CloseableIterator<>() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public T next() {
                return iterator.next();
            }

            @Override
            public void close() {}
        };
    }
}
