package io.tiercel.eviction;

/**
 * Where a {@link Rule} has its own things in a row of an {@link EntryTable}.
 *
 * @param owners    a byte, of which each rule over the table has a bit: whether it knows the row.
 * @param state     two bytes, read only where the rule knows the row.
 * @param links     of a list.
 * @param moreLinks of another, or eight bytes for a number.
 */
record RuleFields(int owners, int state, int links, int moreLinks) {}
