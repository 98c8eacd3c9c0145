package io.tiercel.node;

/**
 * The text of a setting as a source gave it, not yet read. Immutable.
 *
 * @param origin where it stands, for people: {@code tiercel.conf:4}, {@code environment TIERCEL_HEAP}.
 */
record RawSetting(SettingPath path, String text, String origin) {}
