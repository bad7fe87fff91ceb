package schedule

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// nameMost is how long the name of a CronJob may be.
const nameMost = 52

// object is a mapping of a manifest, in the order of its making.
type object []any

// MarshalYAML writes it in its order.
func (o object) MarshalYAML() (any, error) {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, part := range o {
		n := &yaml.Node{}
		if err := n.Encode(part); err != nil {
			return nil, err
		}
		node.Content = append(node.Content, n)
	}
	return node, nil
}

// Kubernetes gives a CronJob that runs a job. Image and claim are to be filled in.
func Kubernetes(j Job) (string, error) {
	name := "pipe-" + plainName(j.Name)
	if len(name) > nameMost {
		name = strings.TrimRight(name[:nameMost], "-")
	}
	spec := object{"schedule", strings.Join(j.When.Fields(), " ")}
	if j.When.TimeZone != "" {
		spec = append(spec, "timeZone", j.When.TimeZone)
	}
	spec = append(spec, "concurrencyPolicy", "Forbid")
	if late := int64(j.When.CatchUp.Std().Seconds()); late > 0 {
		spec = append(spec, "startingDeadlineSeconds", late)
	}
	container := object{
		"name", "pipe", "image", "pipe:latest", "workingDir", "/work", "args", j.Command[1:],
		"envFrom",
		[]object{{"secretRef", object{"name", name, "optional", true}}},
		"volumeMounts",
		[]object{{"name", "work", "mountPath", "/work"}},
	}
	pod := object{
		"restartPolicy", "Never", "terminationGracePeriodSeconds", 600, "containers",
		[]object{container},
		"volumes",
		[]object{{"name", "work", "persistentVolumeClaim", object{"claimName", name}}},
	}
	spec = append(spec, "jobTemplate", object{"spec", object{"backoffLimit", 0, "template", object{"spec", pod}}})
	var b bytes.Buffer
	b.WriteString("# The image is the Dockerfile's; the claim " + name + " holds the specs and out/, the secret of that name the secrets.\n")
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	err := enc.Encode(object{"apiVersion", "batch/v1", "kind", "CronJob", "metadata", object{"name", name}, "spec", spec})
	return b.String(), err
}
