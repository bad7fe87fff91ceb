// Package notify tells people of a run whom the spec names: by mail, a chat, a
// webhook.
//
// [Notifier] is a [pipeline.Observer]: what cannot wait it tells at once, the rest
// at the end, by [Notifier.End]. [Target] is one address. The URL of one reaches
// neither a log nor an error, and what a site has sent is plain text in a message,
// whatever a chat makes of its own. It knows shoutrrr, which knows the services;
// it imports package pipeline and specs.
package notify
