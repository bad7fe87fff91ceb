package main

import (
	"strings"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

func siteCommand(std app.Std) *cobra.Command {
	o := practice.Options{}
	cmd := &cobra.Command{
		Use:   "site",
		Short: "Serve the practice dealership alone, to practise on",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return app.ServeSite(cmd.Context(), o, std)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Addr, "addr", "127.0.0.1:8080", "the `ADDRESS` to serve at; port 0 is any free one")
	flags.IntVar(&o.Vehicles, "vehicles", 30, "`N` vehicles in stock")
	flags.Uint64Var(&o.Seed, "seed", 1, "decides everything that looks random")
	flags.BoolVar(&o.Licence, "licence", false, "show a licence page after each login")
	flags.StringToStringVar(&o.Accounts, "account", nil, "an account, as `NAME=PASSWORD`, in place of "+practice.DefaultUser+"; may be given more than once")
	flags.IntVar(&o.SessionsPerAccount, "sessions", 0, "the most sessions of an account; 0 is any number")
	flags.DurationVar(&o.SessionLifetime, "session-lifetime", 0, "how long a login lasts; 0 is for ever")
	forms := append(practice.Deliveries(), practice.MixedDelivery)
	flags.StringVar(&o.Delivery, "delivery", practice.DefaultDelivery,
		"the `FORM` in which a report is delivered: "+strings.Join(forms, ", "))
	var skins []string
	for _, skin := range practice.Skins() {
		skins = append(skins, skin.Name)
	}
	flags.StringVar(&o.Reskin, "reskin", "", "serve the pages in another `DRESS`, as after a release of the site, for pipe heal: "+strings.Join(skins, ", "))
	flags.IntVar(&o.Missing, "missing", 0, "`N` vehicles of the export that are not there")
	flags.IntVar(&o.Duplicates, "duplicates", 0, "`N` rows that the export repeats")
	for name, l := range map[string]*practice.Latency{
		"page": &o.PageLatency, "ajax": &o.AjaxLatency, "modal": &o.ModalLatency, "pdf": &o.PDFLatency,
	} {
		flags.DurationVar(&l.Min, name+"-latency", 0, "the least time that it takes")
		flags.DurationVar(&l.Max, name+"-latency-max", 0, "the most time that it takes; default the least")
	}
	for name, rate := range map[string]*float64{
		"server-error": &o.Faults.ServerError, "rate-limited": &o.Faults.RateLimited, "hang": &o.Faults.Hang,
		"reset": &o.Faults.Reset, "html-as-pdf": &o.Faults.HTMLAsPDF, "truncated-pdf": &o.Faults.TruncatedPDF,
		"self-closing-tab": &o.Faults.SelfClosingTab, "wrong-pdf": &o.Faults.WrongPDF,
		"empty": &o.Faults.Empty, "login-page": &o.Faults.LoginPage, "viewer-page": &o.Faults.ViewerPage,
		"zero-pages": &o.Faults.ZeroPages, "half-then-hang": &o.Faults.HalfThenHang,
		"cut-chunks": &o.Faults.CutChunks, "cut-gzip": &o.Faults.CutGzip, "part": &o.Faults.Part,
		"no-content": &o.Faults.NoContent, "refused": &o.Faults.Refused,
	} {
		flags.Float64Var(rate, "fault-"+name, 0, "how often this goes wrong, from 0 to 1")
	}
	flags.DurationVar(&o.Faults.RetryAfter, "retry-after", 0, "what a 429 asks to wait; default 1s")
	flags.DurationVar(&o.Faults.HangFor, "hang-for", 0, "how long a hang lasts; default 1m")
	_ = cmd.RegisterFlagCompletionFunc("delivery", cobra.FixedCompletions(forms, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("reskin", cobra.FixedCompletions(skins, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}
