/** Who is calling and what they may write: tokens in, principals out. */
@NullMarked
package io.headgate.auth;

import org.jspecify.annotations.NullMarked;
