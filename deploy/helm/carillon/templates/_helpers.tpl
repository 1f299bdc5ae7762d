{{- define "carillon.name" -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "carillon.selector" -}}
app.kubernetes.io/name: carillon
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "carillon.labels" -}}
{{ include "carillon.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end }}

{{/* Three quarters of the memory's limit, in MiB; the limit is in Gi or Mi. */}}
{{- define "carillon.heap" -}}
{{- $limit := .Values.resources.limits.memory | toString }}
{{- if hasSuffix "Gi" $limit }}
{{- mulf (trimSuffix "Gi" $limit | float64) 768 | floor | int }}
{{- else if hasSuffix "Mi" $limit }}
{{- mulf (trimSuffix "Mi" $limit | float64) 0.75 | floor | int }}
{{- else }}
{{- fail "resources.limits.memory must be in Gi or Mi" }}
{{- end }}
{{- end }}
