package io.headgate.gateway.logging;

/** Which requests have a line of their own. */
public enum AccessMode {
    /** None. */
    OFF,
    /** Those that were refused or abandoned; repetitions are counted instead. */
    REFUSED,
    /** Each and every one. */
    ALL
}
