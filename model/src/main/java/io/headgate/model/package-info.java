/** Values that every module speaks of: table names and ids, log ranges, refusals. No behaviour beyond their own rules. */
@NullMarked
package io.headgate.model;

import org.jspecify.annotations.NullMarked;
