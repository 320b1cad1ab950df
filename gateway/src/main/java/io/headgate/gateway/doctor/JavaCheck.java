package io.headgate.gateway.doctor;

/** The JVM that we run on. */
final class JavaCheck implements Check {
    private static final int TESTED_MIN = 17;
    private static final int TESTED_MAX = 25;

    private final Runtime.Version version;
    private final String vendor;
    private final String machine;

    /**
     * @param version the JVM's
     * @param vendor who built it
     * @param machine the name of the virtual machine
     */
    JavaCheck(Runtime.Version version, String vendor, String machine) {
        this.version = version;
        this.vendor = vendor;
        this.machine = machine;
    }

    static JavaCheck ofThisJvm() {
        return new JavaCheck(
                Runtime.version(), System.getProperty("java.vendor", "?"), System.getProperty("java.vm.name", "?"));
    }

    @Override
    public String name() {
        return "java";
    }

    @Override
    public Finding examine() {
        String found = version + " of " + vendor + ", " + machine;
        if (version.feature() < TESTED_MIN || version.pre().isPresent()) {
            return Finding.warn(found + ": not a release that Headgate is made for", "Use a JDK 17, 21 or 25.");
        }
        if (version.feature() > TESTED_MAX) {
            return Finding.warn(found + ": newer than any that Headgate was tested on", "Use a JDK 17, 21 or 25.");
        }
        // The launcher's flags and the warm-up are for HotSpot.
        return machine.contains("OpenJ9")
                ? Finding.warn(
                        found + ": Headgate was tested on HotSpot only", "Use a JDK with HotSpot, such as Temurin.")
                : Finding.ok(found);
    }
}
