package io.tiercel.cli;

/**
 * The form of the log, which must be chosen before the first logger is made: {@link LogConfigurator} reads it then.
 * Threadsafe.
 */
final class LogForm {
    static final String PROPERTY = "tiercel.log";

    private LogForm() {}

    /** @throws UsageException when the form is neither {@code text} nor {@code json}. */
    static void choose(String form) {
        if (!form.equals("text") && !form.equals("json")) {
            throw new UsageException("--log " + form + ": expected text or json");
        }
        System.setProperty(PROPERTY, form);
    }

    static boolean isJson() {
        return "json".equals(System.getProperty(PROPERTY));
    }
}
