package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopDelayTest {
    @Test
    void theDelayIsWhatATickComesLate() {
        long[] now = {5_000_000};
        List<Long> delays = new ArrayList<>();
        LoopDelay delay = new LoopDelay(10, () -> now[0], delays::add);
        for (long wait : new long[] {10_000_000, 17_000_000, 9_000_000}) {
            now[0] += wait;
            delay.tick();
        }
        assertEquals(List.of(0L, 7_000_000L, 0L), delays);
    }
}
