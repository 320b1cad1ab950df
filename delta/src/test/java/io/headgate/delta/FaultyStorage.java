package io.headgate.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Local storage that keeps a list of what was done, and whose n-th operation fails, before or after it took effect, once
 * or with all that follow.
 */
final class FaultyStorage implements Storage {
    /** What happens at the n-th operation. */
    enum Fault {
        /** It fails without any effect. */
        BEFORE(false, false),
        /** It takes effect, but the answer is an error. */
        AFTER(true, false),
        /** The process is killed right before it. */
        CUT_BEFORE(false, true),
        /** The process is killed right after it. */
        CUT_AFTER(true, true);

        private final boolean effect;
        private final boolean cut;

        Fault(boolean effect, boolean cut) {
            this.effect = effect;
            this.cut = cut;
        }

        boolean isCut() {
            return cut;
        }
    }

    @FunctionalInterface
    interface Operation {
        void run() throws IOException;
    }

    private final Storage storage = new LocalStorage();
    private Fault fault = Fault.BEFORE;
    private int countdown = Integer.MAX_VALUE;
    private boolean struck;
    private final List<String> operations = new ArrayList<>();
    private Operation onLink = () -> {};
    private Operation intrusion = () -> {};
    private int stepsToIntrusion = Integer.MAX_VALUE;

    /** What the rest of the world does right after each link. */
    void onLink(Operation operation) {
        onLink = operation;
    }

    /** What the rest of the world does right before the n-th operation from now on. */
    void before(int n, Operation operation) {
        stepsToIntrusion = n;
        intrusion = operation;
    }

    /** What was done, in order: the operation and the names of its files. */
    List<String> operations() {
        return operations;
    }

    /** Lets the n-th operation from now on fail. */
    void arm(Fault armed, int n) {
        fault = armed;
        countdown = n;
        struck = false;
    }

    /** Fails no more; tells whether it did. */
    boolean disarm() {
        countdown = Integer.MAX_VALUE;
        return struck;
    }

    private void step(String name, Path file, Operation operation) throws IOException {
        operations.add(name + " " + file.getFileName());
        if (--stepsToIntrusion == 0) {
            intrusion.run();
        }
        if (countdown <= 0 && fault.isCut()) {
            throw new IOException("The process is dead");
        }
        countdown--;
        if (countdown != 0) {
            operation.run();
            return;
        }
        struck = true;
        if (fault.effect) {
            operation.run();
        }
        throw new IOException("Injected: " + fault);
    }

    @Override
    public Output create(Path file) throws IOException {
        Output[] created = new Output[1];
        step("create", file, () -> created[0] = storage.create(file));
        return new FaultyOutput(file, created[0]);
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        step("link", name, () -> storage.link(file, name));
        onLink.run();
    }

    @Override
    public void rename(Path file, Path name) throws IOException {
        step("rename", name, () -> storage.rename(file, name));
    }

    @Override
    public boolean unlink(Path file) throws IOException {
        boolean[] removed = new boolean[1];
        step("unlink", file, () -> removed[0] = storage.unlink(file));
        return removed[0];
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        step("createDirectory", directory, () -> storage.createDirectory(directory));
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        step("forceDirectory", directory, () -> storage.forceDirectory(directory));
    }

    private final class FaultyOutput implements Output {
        private final Path file;
        private final Output output;

        FaultyOutput(Path file, Output output) {
            this.file = file;
            this.output = output;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            step("write", file, () -> output.write(bytes));
        }

        @Override
        public void force() throws IOException {
            step("force", file, output::force);
        }

        @Override
        public void close() throws IOException {
            step("close", file, output::close);
        }
    }
}
