// Whether this is a development build. Other builds leave out what hangs on it: the bundler puts `true` here when
// FESTIVAL_CHAT_DEVELOPMENT is set.

export const IS_DEVELOPMENT = false as boolean;
