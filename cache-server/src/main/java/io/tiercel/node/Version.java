package io.tiercel.node;

/** The build's version. Stateless. */
public final class Version {
    private static final String UNKNOWN = "development";

    private Version() {}

    /** As the jar's manifest says; {@code development} outside of one. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? UNKNOWN : version;
    }
}
